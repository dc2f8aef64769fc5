using System.Globalization;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>What four sessions on one model take, against one: all of their processes together.</summary>
internal static class MemoryRow
{
    private const int Sessions = 4;
    private const double Megabyte = 1_000_000;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Finding>> MeasureAsync(BenchHome home, EngineOptions options, CancellationToken cancellationToken)
    {
        List<(Sum Four, Sum One)> runs = [];
        for (var run = 0; run < options.Runs(3, 1); run++)
            runs.Add(await RunAsync(home, cancellationToken));
        var (four, one) = runs[^1];
        return [new("memory of four sessions, against one", "MB", [.. runs.Select(run => (run.Four.All, run.One.All))], Goal.NoMoreThan(1.15)) { Parts = [$"four: {four}", $"one: {one}"] }];
    }

    private static async Task<(Sum Four, Sum One)> RunAsync(BenchHome home, CancellationToken cancellationToken)
    {
        await home.StopEngineAsync();
        await using var sessions = new SessionGroup(home);
        var one = await SumAsync(home, sessions, 1, cancellationToken);
        return (await SumAsync(home, sessions, Sessions, cancellationToken), one);
    }

    private static async Task<Sum> SumAsync(BenchHome home, SessionGroup sessions, int count, CancellationToken cancellationToken)
    {
        await sessions.GrowAsync(count, BenchModels.Heavy, cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        var status = await home.StatusAsync(cancellationToken);
        var engine = status.Residents[0].ProcessId ?? throw new InvalidOperationException("The keeper does not know its engine's process.");
        var guards = ProcessMemory.WithChildren(status.ProcessId).Where(id => id != status.ProcessId && id != engine);
        return new Sum(sessions.All.Sum(session => Megabytes(session.ProcessId)), Megabytes(status.ProcessId), guards.Sum(Megabytes), Megabytes(engine));
    }

    private static double Megabytes(int processId) => ProcessMemory.Of(processId) / Megabyte;

    private sealed record Sum(double Sessions, double Keeper, double Guard, double Engine)
    {
        public double All => Sessions + Keeper + Guard + Engine;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"sessions {Sessions:0.0} MB, keeper {Keeper:0.0}, guard {Guard:0.0}, engine {Engine:0.0}");
    }
}
