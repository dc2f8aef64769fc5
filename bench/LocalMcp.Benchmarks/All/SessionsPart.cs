using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>What sessions on one model take, all of their processes together: four against one, and how it grows up to eight.</summary>
internal sealed class SessionsPart : IPart
{
    private const int Four = 4;
    private static readonly int[] Counts = [1, 2, Four, 8];
    private static readonly RowHead Memory = new("sessions-memory", "four sessions on one model, memory", "one session", Measure.Ratio, RowHead.Megabytes, Limit.NoMoreThan(1.15));

    public string Name => "sessions";

    public IReadOnlyList<RowHead> Rows => [Memory];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        List<Dictionary<int, GroupMemory>> runs = [];
        for (var run = 0; run < bed.Options.Runs(3, 1); run++)
            runs.Add(await RunAsync(bed.WithEngine, cancellationToken));
        var (four, one) = (runs[^1][Four], runs[^1][1]);
        return new Measured(
            [Memory.Of([.. runs.Select(run => (run[Four].All, run[1].All))], $"four: {four}", $"one: {one}", $"random model of {bed.Options.Model}; shared pages shared out (Pss)")],
            [new Curve("sessions", "Memory by number of sessions on one model", "sessions", RowHead.Megabytes, [Line("all processes", runs, memory => memory.All), Line("without the engine", runs, memory => memory.All - memory.Engine)], "", Quick: false)]);
    }

    private static async Task<Dictionary<int, GroupMemory>> RunAsync(BenchHome home, CancellationToken cancellationToken)
    {
        await home.StopEngineAsync();
        await using var sessions = new SessionGroup(home);
        Dictionary<int, GroupMemory> memory = [];
        foreach (var count in Counts)
            memory[count] = await GroupMemory.OfAsync(home, sessions, count, cancellationToken);
        return memory;
    }

    private static CurveLine Line(string name, List<Dictionary<int, GroupMemory>> runs, Func<GroupMemory, double> part) =>
        new(name, [.. Counts.Select(count => new CurvePoint(count, Spread.Of(runs.Select(run => part(run[count])))))]);
}
