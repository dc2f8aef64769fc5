namespace LocalMcp.Benchmarks.Engine;

/// <summary>What four sessions on one model take, against one: all of their processes together.</summary>
internal static class MemoryRow
{
    private const int Sessions = 4;

    public static async Task<IReadOnlyList<Finding>> MeasureAsync(BenchHome home, EngineOptions options, CancellationToken cancellationToken)
    {
        List<(GroupMemory Four, GroupMemory One)> runs = [];
        for (var run = 0; run < options.Runs(3, 1); run++)
            runs.Add(await RunAsync(home, cancellationToken));
        var (four, one) = runs[^1];
        return [new("memory of four sessions, against one", "MB", [.. runs.Select(run => (run.Four.All, run.One.All))], Goal.NoMoreThan(1.15)) { Parts = [$"four: {four}", $"one: {one}"] }];
    }

    private static async Task<(GroupMemory Four, GroupMemory One)> RunAsync(BenchHome home, CancellationToken cancellationToken)
    {
        await home.StopEngineAsync();
        await using var sessions = new SessionGroup(home);
        var one = await GroupMemory.OfAsync(home, sessions, 1, cancellationToken);
        return (await GroupMemory.OfAsync(home, sessions, Sessions, cancellationToken), one);
    }
}
