using LocalMcp.Benchmarks.Charts;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>Draws the charts and fills docs/performance.md from the committed results, and nothing else.</summary>
internal static class ChartsCommand
{
    /// <param name="check">Whether to say what differs instead of writing it.</param>
    /// <returns>The program's exit code: 1 where something differs.</returns>
    public static int Run(bool check)
    {
        var differs = 0;
        foreach (var (file, text) in Drawn())
        {
            if (File.Exists(file) && File.ReadAllText(file) == text)
                continue;
            differs++;
            Console.Out.WriteLine($"{(check ? "differs" : "written")}: {Path.GetRelativePath(Repository.Root, file)}");
            if (check)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        return check && differs > 0 ? 1 : 0;
    }

    private static IEnumerable<(string File, string Text)> Drawn()
    {
        var (docs, sets) = (Path.Combine(Repository.Root, "docs"), Sets());
        foreach (var set in sets)
        {
            yield return (Path.Combine(Repository.Results, set.Machine.Name, "results.md"), ResultTable.Page(set));
            foreach (var (name, chart) in ChartSet.Of(set))
                yield return (Path.Combine(docs, "charts", set.Machine.Name, name), chart);
        }
        var page = Path.Combine(docs, "performance.md");
        yield return (page, PerformancePage.Filled(File.ReadAllText(page), sets));
    }

    private static List<ResultSet> Sets() => Directory.Exists(Repository.Results)
        ? [.. Directory.GetDirectories(Repository.Results).Select(folder => Path.Combine(folder, ResultSet.FileName)).Where(File.Exists).Order(StringComparer.Ordinal).Select(ResultSet.Read)]
        : [];
}
