using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>From the start of the process to its list of tools, and what it holds then, against a bare server on the MCP SDK for node.</summary>
internal sealed class StartPart : IPart
{
    private const string Opponent = "a bare server on the node MCP SDK";
    private const double Megabyte = 1_000_000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly RowHead Start = new("start", "spawn to tools/list", Opponent, Measure.Ratio, RowHead.Milliseconds, Limit.NoMoreThan(0.55));
    private static readonly RowHead Memory = new("idle-memory", "resident memory when idle", Opponent, Measure.Ratio, RowHead.Megabytes, Limit.NoMoreThan(0.6));

    public string Name => "start";

    public IReadOnlyList<RowHead> Rows => [Start, Memory];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        using var node = await NodeServer.InstallAsync(cancellationToken);
        await using var home = new BenchHome(engine: null);
        Task<ColdStart> OursAsync(bool discover, TimeSpan? idle) => ColdStart.RunAsync(home.Start(BenchSession.Program, "serve"), discover, idle, cancellationToken);
        Task<ColdStart> TheirsAsync(TimeSpan? idle) => ColdStart.RunAsync(home.Start(node.Node, node.Script), discover: false, idle, cancellationToken);

        List<(ColdStart Ours, ColdStart Theirs, ColdStart Discovered)> starts = [];
        for (var run = -1; run < bed.Options.Runs(30, 6); run++)
        {
            var first = run % 2 == 0 ? await OursAsync(discover: false, null) : null;
            var theirs = await TheirsAsync(null);
            var one = (first ?? await OursAsync(discover: false, null), theirs, await OursAsync(discover: true, null));
            // The first one only brings the files into the page cache.
            if (run >= 0)
                starts.Add(one);
        }
        List<(ColdStart Ours, ColdStart Theirs)> idle = [];
        for (var run = 0; run < bed.Options.Runs(7, 2); run++)
            idle.Add((await OursAsync(discover: false, Idle), await TheirsAsync(Idle)));
        return Measured.Of(
            Start.Of(
                [.. starts.Select(run => (run.Ours.Took.TotalMilliseconds, run.Theirs.Took.TotalMilliseconds))],
                $"processor time up to then: ours {Text(starts.Select(run => run.Ours.Processor.TotalMilliseconds))} ms, node {Text(starts.Select(run => run.Theirs.Processor.TotalMilliseconds))} ms",
                $"ours with server/discover (2026-07-28) in place of the handshake: {Text(starts.Select(run => run.Discovered.Took.TotalMilliseconds))} ms, ratio {Text(starts.Select(run => run.Discovered.Took / run.Theirs.Took))}"),
            Memory.Of(
                [.. idle.Select(run => (run.Ours.Resident / Megabyte, run.Theirs.Resident / Megabyte))],
                $"with shared pages shared out (Pss): ours {Text(idle.Select(run => run.Ours.Share / Megabyte))} MB, node {Text(idle.Select(run => run.Theirs.Share / Megabyte))} MB"));
    }

    private static string Text(IEnumerable<double> values) => Spread.Of(values).ToString();
}
