using System.Diagnostics;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>When the steps of a start were over, seen from outside by what each leaves behind; in ms since the call.</summary>
/// <param name="Keeper">The keeper has its socket.</param>
/// <param name="Engine">The keeper has asked the engine's program what it can do, and starts it.</param>
/// <param name="Model">The engine has its model.</param>
internal sealed record StartWatch(double Keeper, double Engine, double Model)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan HealthPoll = TimeSpan.FromMilliseconds(5);

    public static async Task<StartWatch> OfAsync(BenchHome home, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var keeper = Path.Combine(home.KeeperFolder, "keeper.sock");
        while (!File.Exists(keeper))
            await Task.Delay(Poll, cancellationToken);
        var hasKeeper = Stopwatch.GetElapsedTime(began);
        while (home.EngineSocket is null)
            await Task.Delay(Poll, cancellationToken);
        var hasEngine = Stopwatch.GetElapsedTime(began);
        using var client = new EngineClient(home.EngineSocket!);
        while (!await client.IsReadyAsync(cancellationToken))
            await Task.Delay(HealthPoll, cancellationToken);
        return new StartWatch(hasKeeper.TotalMilliseconds, hasEngine.TotalMilliseconds, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
