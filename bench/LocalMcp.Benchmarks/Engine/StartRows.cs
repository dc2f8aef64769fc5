using System.Diagnostics;
using System.Globalization;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>
/// The first call of a session while nothing runs, against a llama-server that is started and asked the same: with the heavy model, and with the light one,
/// which leaves nothing but our own part.
/// </summary>
internal static class StartRows
{
    public static async Task<IReadOnlyList<Finding>> MeasureAsync(BenchHome home, EngineOptions options, CancellationToken cancellationToken) =>
    [
        await MeasureAsync(home, BenchModels.Heavy, options, cancellationToken),
        await MeasureAsync(home, BenchModels.Light, options, cancellationToken),
    ];

    private static async Task<Finding> MeasureAsync(BenchHome home, string model, EngineOptions options, CancellationToken cancellationToken)
    {
        var question = new ChatRequest("Good morning.", Model: model, MaxTokens: 1);
        // The first one only brings the files into the page cache, and tells the flags.
        var (_, commandLine) = await OursAsync(home, question, cancellationToken);
        List<(Ours Ours, Bare Bare)> runs = [];
        for (var run = 0; run < options.Runs(7, 2); run++)
        {
            var bare = await BareAsync(home, commandLine, question, cancellationToken);
            runs.Add(((await OursAsync(home, question, cancellationToken)).Times, bare));
        }
        return new Finding($"first call while nothing runs, {model} model, against llama-server alone", Finding.Milliseconds, [.. runs.Select(run => (run.Ours.Answer, run.Bare.Answer))])
        {
            Parts = Parts([.. runs.Select(run => run.Ours)], [.. runs.Select(run => run.Bare)]),
        };
    }

    private static async Task<(Ours Times, string CommandLine)> OursAsync(BenchHome home, ChatRequest question, CancellationToken cancellationToken)
    {
        await home.StopEngineAsync();
        var began = Stopwatch.GetTimestamp();
        await using var session = await BenchSession.StartAsync(home, cancellationToken);
        var joined = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var watch = StartWatch.OfAsync(home, cancellationToken);
        var first = await session.AskAsync(question, cancellationToken);
        var second = await session.AskAsync(question, cancellationToken);
        return (new Ours(joined, await watch, first.Took.TotalMilliseconds, second.Took.TotalMilliseconds), (await home.StatusAsync(cancellationToken)).Residents[0].CommandLine);
    }

    private static async Task<Bare> BareAsync(BenchHome home, string commandLine, ChatRequest question, CancellationToken cancellationToken)
    {
        await home.StopEngineAsync();
        var began = Stopwatch.GetTimestamp();
        await using var bare = BareEngine.Start(home, commandLine);
        await bare.ReadyAsync(cancellationToken);
        var ready = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await bare.AskAsync(question, cancellationToken);
        return new Bare(ready, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    private static IReadOnlyList<string> Parts(IReadOnlyList<Ours> ours, IReadOnlyList<Bare> bare) =>
    [
        $"ours: to the keeper's socket {Ms(ours, run => run.Steps.Keeper)}, what the engine can do {Ms(ours, run => run.Steps.Engine - run.Steps.Keeper)}, load {Ms(ours, run => run.Steps.Model - run.Steps.Engine)}, then to the answer {Ms(ours, run => run.Answer - run.Steps.Model)}",
        $"llama-server alone: load {Ms(bare, run => run.Ready)}, then to the answer {Ms(bare, run => run.Answer - run.Ready)}",
        $"before the call: a session from its start to its handshake {Ms(ours, run => run.Joined)}; after it: a second call {Ms(ours, run => run.Second)}",
    ];

    private static string Ms<T>(IEnumerable<T> runs, Func<T, double> time) => string.Create(CultureInfo.InvariantCulture, $"{new Figures(runs.Select(time)).Median:0} ms");

    private sealed record Ours(double Joined, StartWatch Steps, double Answer, double Second);

    private sealed record Bare(double Ready, double Answer);
}
