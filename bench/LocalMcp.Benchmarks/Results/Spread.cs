using System.Globalization;

namespace LocalMcp.Benchmarks.Results;

/// <summary>What several runs gave: the middle, and where half of all runs lie.</summary>
/// <param name="N">How many runs; 1 for what is counted and cannot vary.</param>
internal sealed record Spread(double Median, double Lower, double Upper, int N)
{
    private const int Digits = 4;

    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? throw new ArgumentException("Nothing was measured.", nameof(values)) : new Spread(Rounded(sorted, 0.5), Rounded(sorted, 0.25), Rounded(sorted, 0.75), sorted.Length);
    }

    public override string ToString() => N == 1 ? Number(Median) : $"{Number(Median)} ({Number(Lower)}–{Number(Upper)})";

    /// <summary>A number as people read it: three digits that mean something.</summary>
    public static string Number(double number) => number.ToString(
        Math.Abs(number) switch { _ when double.IsInteger(number) => "#,0", < 0.01 => "0.0000", < 1 => "0.000", < 10 => "0.00", < 1000 => "0.0", _ => "#,0" }, CultureInfo.InvariantCulture);

    /// <summary>A whole number of things.</summary>
    public static string Size(double size) => size.ToString("#,0", CultureInfo.InvariantCulture);

    private static double Rounded(double[] sorted, double part)
    {
        var place = part * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return double.Parse((below + ((above - below) * (place - Math.Floor(place)))).ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
