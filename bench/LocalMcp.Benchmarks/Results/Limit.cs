using System.Globalization;

namespace LocalMcp.Benchmarks.Results;

/// <summary>What a figure is to be.</summary>
internal sealed record Limit(double Bound, bool AtMost)
{
    public static Limit NoMoreThan(double bound) => new(bound, AtMost: true);

    public static Limit NoLessThan(double bound) => new(bound, AtMost: false);

    public bool Allows(double value) => AtMost ? value <= Bound : value >= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(AtMost ? "≤" : "≥")} {Bound:#,0.##}");
}
