using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.Charts;

/// <summary>All drawings of one machine's results, by the names of their files.</summary>
internal static class ChartSet
{
    public const string Goals = "goals.svg";

    public static IReadOnlyDictionary<string, string> Of(ResultSet set)
    {
        Dictionary<string, string> charts = new() { [Goals] = GoalChart.Of(set) };
        foreach (var curve in set.Growth)
            charts[FileName(curve)] = GrowthChart.Of(curve, set);
        return charts;
    }

    public static string FileName(Curve curve) => $"growth-{curve.Id}.svg";
}
