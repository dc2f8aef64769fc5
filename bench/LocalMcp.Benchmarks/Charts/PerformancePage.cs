using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.Charts;

/// <summary>docs/performance.md: what stands between two marks is made from the results.</summary>
internal static class PerformancePage
{
    private const string Beginning = "<!-- results -->";
    private const string End = "<!-- /results -->";

    /// <summary>The page with the results in it.</summary>
    /// <exception cref="InvalidDataException">The marks are missing.</exception>
    public static string Filled(string page, IReadOnlyList<ResultSet> sets)
    {
        var (from, to) = (page.IndexOf(Beginning, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidDataException($"The page needs a line {Beginning} and below it a line {End}, for the results to stand between.");
        return $"{page[..(from + Beginning.Length)]}\n\n{string.Join('\n', sets.Select(Section))}\n{page[to..]}";
    }

    private static string Section(ResultSet set)
    {
        var (folder, name) = ($"charts/{set.Machine.Name}", set.Machine.Name);
        var growth = string.Concat(set.Growth.Select(curve => $"![{curve.Title}]({folder}/{ChartSet.FileName(curve)})\n\n"));
        return $"### {name}\n\n{ResultTable.Origin(set)}\n\n{ResultTable.Of(set)}\n![Figures as shares of their goals]({folder}/{ChartSet.Goals})\n\nWhere time and memory go, a line for each: [results.md](../bench/results/{name}/results.md). All figures: [results.json](../bench/results/{name}/{ResultSet.FileName}).\n\n{growth}";
    }
}
