using System.Net;
using System.Net.Sockets;
using LocalMcp.Backends;
using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.All;

/// <summary>What a session adds to a chat when all is warm: a question with an answer of one token, against the same one asked straight of the same backend.</summary>
internal sealed class AddedTimePart : IPart
{
    private const string Plain = "plain";
    private const int Small = 1_000;
    private const int Large = 200_000;

    private static readonly Ways Engine = new("engine", "the engine");
    private static readonly Ways Server = new("server", "an address (LOCAL_MCP_URL)");

    public string Name => "added";

    public IReadOnlyList<RowHead> Rows => [.. Engine.Rows, .. Server.Rows];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken) =>
        Measured.Of([.. await ByEngineAsync(bed, cancellationToken), .. await ByServerAsync(bed, cancellationToken)]);

    private static async Task<IReadOnlyList<ResultRow>> ByEngineAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        await using var sessions = new SessionGroup(bed.WithEngine);
        await sessions.GrowAsync(1, BenchModels.Light, cancellationToken);
        using var straight = new EngineClient(bed.WithEngine.EngineSocket!);
        return await MeasureAsync(Engine, BenchModels.Light, sessions[0], straight.AskAsync, bed.Options, cancellationToken);
    }

    private static async Task<IReadOnlyList<ResultRow>> ByServerAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        var port = FreePort();
        await using var home = new BenchHome(engine: null, $"http://127.0.0.1:{port}");
        await using var server = BareEngine.StartOnPort(
            home, bed.Engine, port, "--model", bed.WithEngine.ModelFile(BenchModels.Light), "--alias", Plain, "--ctx-size", "65536", "--parallel", "4", "--threads", "1", "--ignore-eos", "--no-webui");
        await server.ReadyAsync(cancellationToken);
        await using var session = await BenchSession.StartAsync(home, cancellationToken);
        return await MeasureAsync(Server, Plain, session, server.AskAsync, bed.Options, cancellationToken);
    }

    private static async Task<IReadOnlyList<ResultRow>> MeasureAsync(Ways ways, string model, BenchSession session, Ask straight, AllOptions options, CancellationToken cancellationToken)
    {
        var (small, large) = (Question(model, "Short", Small), Question(model, "Long", Large));
        List<((double Ours, double Straight) Small, (double Ours, double Straight) Large)> runs = [];
        var warm = options.Runs(20, 3);
        for (var run = -warm; run < options.Runs(100, 15); run++)
        {
            var oursFirst = run % 2 == 0;
            var one = (await PairAsync(small, oursFirst), await PairAsync(large, oursFirst));
            if (run >= 0)
                runs.Add(one);
        }
        return
        [
            ways.Small.Of([.. runs.Select(run => run.Small)]),
            ways.Large.Of([.. runs.Select(run => run.Large)]),
            ways.Growth.Of(Spread.Of(runs.Select(run => run.Large.Ours - run.Large.Straight - (run.Small.Ours - run.Small.Straight)))),
        ];

        async Task<(double, double)> PairAsync(ChatRequest question, bool oursFirst)
        {
            var ours = oursFirst ? await OursAsync(question) : 0;
            var against = (await straight(question, cancellationToken)).Took.TotalMilliseconds;
            return (oursFirst ? ours : await OursAsync(question), against);
        }

        async Task<double> OursAsync(ChatRequest question) => (await session.AskAsync(question, cancellationToken)).Took.TotalMilliseconds;
    }

    // Always the same: the engine has read it already, and only what is around it takes time. The two lengths begin differently, so that each keeps a slot of its own.
    private static ChatRequest Question(string model, string beginning, int length) =>
        new($"{beginning}: {string.Concat(Enumerable.Repeat(BenchModels.LightLine, length / BenchModels.LightLine.Length))}", Model: model, MaxTokens: 1);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private delegate Task<Answer> Ask(ChatRequest question, CancellationToken cancellationToken);

    private sealed record Ways(string Id, string Backend)
    {
        public RowHead Small { get; } = new($"added-{Id}-1kb", $"added time per chat by {Backend}, prompt of 1 KB", "straight to it", Measure.Difference, RowHead.Milliseconds, Limit.NoMoreThan(2));

        public RowHead Large { get; } = new($"added-{Id}-200kb", $"added time per chat by {Backend}, prompt of 200 KB", "straight to it", Measure.Difference, RowHead.Milliseconds, null);

        public RowHead Growth { get; } = new($"added-{Id}-growth", $"its growth from 1 KB to 200 KB, by {Backend}", "straight to it", Measure.Difference, RowHead.Milliseconds, Limit.NoMoreThan(5));

        public IReadOnlyList<RowHead> Rows => [Small, Large, Growth];
    }
}
