using System.Diagnostics;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>Tokens per second of four answers at once, against the same four asked straight of a llama-server.</summary>
internal static class SpeedRows
{
    private const int AtOnce = 4;

    // A prompt of the heavy model is a token a character: short, since it is decoding that is measured.
    private const int PromptLength = 40;

    private delegate Task<Answer> Ask(int number, ChatRequest question, CancellationToken cancellationToken);

    public static async Task<IReadOnlyList<Finding>> MeasureAsync(BenchHome home, EngineOptions options, CancellationToken cancellationToken)
    {
        await using var sessions = new SessionGroup(home);
        await sessions.GrowAsync(AtOnce, BenchModels.Heavy, cancellationToken);
        await using var bare = BareEngine.Start(home, (await home.StatusAsync(cancellationToken)).Residents[0].CommandLine);
        await bare.ReadyAsync(cancellationToken);
        Ask[] ways =
        [
            (number, question, token) => sessions[number].AskAsync(question, token),
            (_, question, token) => bare.AskAsync(question, token),
            (_, question, token) => sessions[0].AskAsync(question, token),
        ];
        foreach (var way in ways)
            await SpeedAsync(way, tokens: 8, cancellationToken);
        var runs = await RunAsync(ways, options, cancellationToken);
        return
        [
            new("four answers at once, in four sessions, against llama-server alone", "tok/s", [.. runs.Select(run => (run[0], run[1]))], Goal.NoLessThan(0.97)),
            new("four answers at once, in one session, against llama-server alone", "tok/s", [.. runs.Select(run => (run[2], run[1]))], Goal.NoLessThan(0.97)),
        ];
    }

    // Each run takes the ways in another order, so that none is always the one after a certain other one.
    private static async Task<List<double[]>> RunAsync(Ask[] ways, EngineOptions options, CancellationToken cancellationToken)
    {
        List<double[]> runs = [];
        for (var run = 0; run < options.Runs(6, 2); run++)
        {
            var speeds = new double[ways.Length];
            foreach (var way in Enumerable.Range(run, ways.Length).Select(turn => turn % ways.Length))
                speeds[way] = await SpeedAsync(ways[way], options.Runs(128, 32), cancellationToken);
            runs.Add(speeds);
        }
        return runs;
    }

    private static async Task<double> SpeedAsync(Ask way, int tokens, CancellationToken cancellationToken)
    {
        var questions = Enumerable.Range(0, AtOnce).Select(_ => new ChatRequest(BenchModels.FreshText(PromptLength), Model: BenchModels.Heavy, MaxTokens: tokens)).ToList();
        var began = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(questions.Select((question, number) => way(number, question, cancellationToken)));
        var took = Stopwatch.GetElapsedTime(began);
        if (Array.Find(answers, answer => answer.Tokens != tokens) is { } other)
            throw new InvalidOperationException($"An answer of {other.Tokens} tokens cannot be compared with others of {tokens}.");
        return answers.Sum(answer => answer.Tokens) / took.TotalSeconds;
    }
}
