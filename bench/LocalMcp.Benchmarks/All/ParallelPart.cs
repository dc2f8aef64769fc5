using System.Diagnostics;
using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.All;

/// <summary>Tokens per second of eight answers at once, in one session, against the same eight asked straight of a llama-server with the very same flags.</summary>
internal sealed class ParallelPart : IPart
{
    private const int AtOnce = 8;

    // A prompt of the heavy model is a token a character: short, since it is decoding that is measured.
    private const int PromptLength = 40;

    private static readonly RowHead Parallel = new("parallel", "8 parallel chats, tokens per second together", "straight to llama-server with 8 slots", Measure.Ratio, "tok/s", Limit.NoLessThan(0.97));

    private delegate Task<Answer> Ask(ChatRequest question, CancellationToken cancellationToken);

    public string Name => "parallel";

    public IReadOnlyList<RowHead> Rows => [Parallel];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        var home = bed.WithEngine;
        home.SetSlots(AtOnce);
        try
        {
            await using var sessions = new SessionGroup(home);
            await sessions.GrowAsync(1, BenchModels.Heavy, cancellationToken);
            await using var bare = BareEngine.Start(home, (await home.StatusAsync(cancellationToken)).Residents[0].CommandLine);
            await bare.ReadyAsync(cancellationToken);
            return Measured.Of(await MeasureAsync(sessions[0].AskAsync, bare.AskAsync, bed.Options, cancellationToken));
        }
        finally
        {
            home.SetSlots();
        }
    }

    private static async Task<ResultRow> MeasureAsync(Ask ours, Ask straight, AllOptions options, CancellationToken cancellationToken)
    {
        await EightAsync(ours, tokens: 8, cancellationToken);
        await EightAsync(straight, tokens: 8, cancellationToken);
        List<(double, double)> runs = [];
        var tokens = options.Runs(96, 24);
        for (var run = 0; run < options.Runs(6, 2); run++)
        {
            var first = run % 2 == 0 ? await EightAsync(ours, tokens, cancellationToken) : (double?)null;
            var against = await EightAsync(straight, tokens, cancellationToken);
            runs.Add((first ?? await EightAsync(ours, tokens, cancellationToken), against));
        }
        return Parallel.Of(runs, $"answers of {tokens} tokens each, one session");
    }

    private static async Task<double> EightAsync(Ask way, int tokens, CancellationToken cancellationToken)
    {
        var questions = Enumerable.Range(0, AtOnce).Select(_ => new ChatRequest(BenchModels.FreshText(PromptLength), Model: BenchModels.Heavy, MaxTokens: tokens)).ToList();
        var began = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(questions.Select(question => way(question, cancellationToken)));
        var took = Stopwatch.GetElapsedTime(began);
        return Array.Find(answers, answer => answer.Tokens != tokens) is { } other
            ? throw new InvalidOperationException($"An answer of {other.Tokens} tokens cannot be compared with others of {tokens}.")
            : AtOnce * tokens / took.TotalSeconds;
    }
}
