using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.All;

/// <summary>
/// An answer of 2,000 tokens at full speed, against the same one straight: from llama-server with a model that takes it no time to compute, and from a server
/// that computes nothing at all.
/// </summary>
internal sealed class StreamPart : IPart
{
    // Until all code that a token passes has been compiled in full.
    private const int Warm = 8;

    private static readonly Limit Goal = Limit.NoMoreThan(1.02);
    private static readonly RowHead Engine = new("stream-engine", "a stream of 2,000 tokens at full speed, from llama-server", "straight to it", Measure.Ratio, RowHead.Milliseconds, Goal);
    private static readonly RowHead Wire = new("stream-wire", "the same from a server that has all tokens ready", "straight to it", Measure.Ratio, RowHead.Milliseconds, Goal);

    public string Name => "stream";

    public IReadOnlyList<RowHead> Rows => [Engine, Wire];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken) =>
        Measured.Of(await FromEngineAsync(bed, cancellationToken), await FromWireAsync(bed, cancellationToken));

    private static async Task<ResultRow> FromEngineAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        await using var sessions = new SessionGroup(bed.WithEngine);
        await sessions.GrowAsync(1, BenchBed.Long, cancellationToken);
        using var straight = new EngineClient(bed.WithEngine.EngineSocket!);
        return await MeasureAsync(Engine, BenchBed.Long, sessions[0], straight, bed.Options, cancellationToken);
    }

    private static async Task<ResultRow> FromWireAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        await using var server = await FakeServerProcess.StartAsync(cancellationToken, "--scenario", "long");
        await using var home = new BenchHome(engine: null, server.Address);
        await using var session = await BenchSession.StartAsync(home, cancellationToken);
        using var straight = server.Client();
        return await MeasureAsync(Wire, FakeServerProcess.Model, session, straight, bed.Options, cancellationToken);
    }

    private static async Task<ResultRow> MeasureAsync(RowHead row, string model, BenchSession session, EngineClient straight, AllOptions options, CancellationToken cancellationToken)
    {
        var question = new ChatRequest("Say all the words.", Model: model, MaxTokens: BenchBed.LongTokens);
        List<(double Ours, double Straight)> runs = [];
        for (var run = -Warm; run < options.Runs(30, 5); run++)
        {
            var first = run % 2 == 0 ? await TimeAsync(session.AskAsync) : (double?)null;
            var against = await TimeAsync(straight.AskAsync);
            var pair = (first ?? await TimeAsync(session.AskAsync), against);
            if (run >= 0)
                runs.Add(pair);
        }
        return row.Of(runs, $"more for each token: {Spread.Of(runs.Select(run => (run.Ours - run.Straight) * 1000 / BenchBed.LongTokens))} µs", $"tokens per second: ours {Speed(runs.Select(run => run.Ours))}, straight {Speed(runs.Select(run => run.Straight))}");

        async Task<double> TimeAsync(Func<ChatRequest, CancellationToken, Task<Answer>> ask)
        {
            var answer = await ask(question, cancellationToken);
            return answer.Tokens == BenchBed.LongTokens ? answer.Took.TotalMilliseconds : throw new InvalidOperationException($"An answer of {answer.Tokens} tokens cannot be compared with one of {BenchBed.LongTokens}.");
        }
    }

    private static string Speed(IEnumerable<double> milliseconds) => Spread.Number(Spread.Of(milliseconds.Select(time => BenchBed.LongTokens * 1000 / time)).Median);
}
