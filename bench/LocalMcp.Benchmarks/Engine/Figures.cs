namespace LocalMcp.Benchmarks.Engine;

/// <summary>What several runs gave. Others use the machine as well, so the middle counts, not the mean, and not the extremes.</summary>
internal sealed class Figures(IEnumerable<double> values)
{
    private readonly double[] sorted = [.. values.Order()];

    public int Count => sorted.Length;

    public double Median => At(0.5);

    public double LowerQuartile => At(0.25);

    public double UpperQuartile => At(0.75);

    private double At(double part)
    {
        var place = part * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
