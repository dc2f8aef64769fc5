using System.Diagnostics;
using System.Globalization;
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
            await FourAsync(way, tokens: 8, cancellationToken);
        var runs = await RunAsync(ways, options, cancellationToken);
        var alone = $"llama-server alone: {Times(runs, 1)}";
        return
        [
            new("four answers at once, in four sessions, against llama-server alone", "tok/s", [.. runs.Select(run => (run[0].Speed, run[1].Speed))], Goal.NoLessThan(0.97)) { Parts = [$"ours: {Times(runs, 0)}", alone] },
            new("four answers at once, in one session, against llama-server alone", "tok/s", [.. runs.Select(run => (run[2].Speed, run[1].Speed))], Goal.NoLessThan(0.97)) { Parts = [$"ours: {Times(runs, 2)}", alone] },
        ];
    }

    // Each run takes the ways in another order, so that none is always the one after a certain other one.
    private static async Task<List<Four[]>> RunAsync(Ask[] ways, EngineOptions options, CancellationToken cancellationToken)
    {
        List<Four[]> runs = [];
        for (var run = 0; run < options.Runs(6, 2); run++)
        {
            var fours = new Four[ways.Length];
            foreach (var way in Enumerable.Range(run, ways.Length).Select(turn => turn % ways.Length))
                fours[way] = await FourAsync(ways[way], options.Runs(128, 32), cancellationToken);
            runs.Add(fours);
        }
        return runs;
    }

    private static async Task<Four> FourAsync(Ask way, int tokens, CancellationToken cancellationToken)
    {
        var questions = Enumerable.Range(0, AtOnce).Select(_ => new ChatRequest(BenchModels.FreshText(PromptLength), Model: BenchModels.Heavy, MaxTokens: tokens)).ToList();
        var began = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(questions.Select((question, number) => way(number, question, cancellationToken)));
        var took = Stopwatch.GetElapsedTime(began);
        return Array.Find(answers, answer => answer.Tokens != tokens) is { } other
            ? throw new InvalidOperationException($"An answer of {other.Tokens} tokens cannot be compared with others of {tokens}.")
            : new Four(answers, took);
    }

    // Answers that do not begin and end together leave the engine with fewer than four for a while, which is slower for all of them together.
    private static string Times(List<Four[]> runs, int way) =>
        $"first tokens after {Median(runs, way, four => four.FirstTokens.Min())} to {Median(runs, way, four => four.FirstTokens.Max())} ms, ends after {Median(runs, way, four => four.Ends.Min())} to {Median(runs, way, four => four.Ends.Max())} ms";

    private static string Median(List<Four[]> runs, int way, Func<Four, double> time) => new Figures(runs.Select(run => time(run[way]))).Median.ToString("0", CultureInfo.InvariantCulture);

    private sealed record Four(IReadOnlyList<Answer> Answers, TimeSpan Took)
    {
        public double Speed => Answers.Sum(answer => answer.Tokens) / Took.TotalSeconds;

        public IEnumerable<double> FirstTokens => Answers.Select(answer => answer.FirstToken?.TotalMilliseconds ?? double.NaN);

        public IEnumerable<double> Ends => Answers.Select(answer => answer.Took.TotalMilliseconds);
    }
}
