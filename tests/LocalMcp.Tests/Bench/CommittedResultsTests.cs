using LocalMcp.Benchmarks.Charts;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Bench;

/// <summary>
/// Charts and tables say what the committed results say. After a new measurement, and after a change to how they are drawn, run
/// dotnet run -c Release --project bench/LocalMcp.Benchmarks -- charts, and commit what it wrote.
/// </summary>
public sealed class CommittedResultsTests
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");
    private static readonly string Results = Path.Combine(Repository.Root, "bench", "results");

    private static IReadOnlyList<ResultSet> Committed =>
        [.. Directory.GetFiles(Results, ResultSet.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(ResultSet.Read)];

    [Fact]
    public void Every_chart_is_what_the_results_give()
    {
        Assert.NotEmpty(Committed);
        foreach (var set in Committed)
        {
            var folder = Path.Combine(Docs, "charts", set.Machine.Name);
            var drawn = ChartSet.Of(set);
            Assert.All(drawn, chart => Assert.Equal(chart.Value, File.ReadAllText(Path.Combine(folder, chart.Key))));
            Assert.Equal(drawn.Keys.Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_tables_in_the_documentation_are_what_the_results_give()
    {
        var page = File.ReadAllText(Path.Combine(Docs, "performance.md"));
        Assert.Equal(PerformancePage.Filled(page, Committed), page);
        Assert.All(Committed, set => Assert.Equal(ResultTable.Page(set), File.ReadAllText(Path.Combine(Results, set.Machine.Name, "results.md"))));
    }

    [Fact]
    public void Results_read_and_written_again_are_the_same()
    {
        var files = Directory.GetFiles(Results, ResultSet.FileName, SearchOption.AllDirectories);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(file), ResultSet.Read(file).ToJson()));
    }

    [Fact]
    public void Every_verdict_is_what_figure_and_goal_say() => Assert.All(Committed.SelectMany(set => set.Rows), row => Assert.Equal(
        (row.Figure, row.Goal) switch
        {
            (null, _) => Verdict.NotMeasured,
            (_, null) => Verdict.Reported,
            var (figure, goal) => goal.Allows(figure.Median) ? Verdict.Met : Verdict.Missed,
        },
        row.Verdict));
}
