using System.Globalization;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>What a ratio is to be.</summary>
internal sealed record Goal(double Bound, bool AtMost)
{
    public static Goal NoMoreThan(double bound) => new(bound, AtMost: true);

    public static Goal NoLessThan(double bound) => new(bound, AtMost: false);

    public string Of(double ratio) =>
        string.Create(CultureInfo.InvariantCulture, $"{(AtMost ? "≤" : "≥")} {Bound:0.00} {((AtMost ? ratio <= Bound : ratio >= Bound) ? "met" : "MISSED")}");
}
