using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>
/// What a task costs in the context of the model that hands it over: by path, and to a file, against pasting the text and getting text back. Counted are the
/// characters of calls and results, as the client's model writes and reads them. The server answers with a text of realistic size.
/// </summary>
internal sealed class ClientTokensPart : IPart
{
    // The same on both sides, so that it cancels out in the ratio.
    private const int CharactersPerToken = 4;
    private const int Lines = 2_000;
    private const int SmallLines = 150;
    private const int Tests = 30;
    private const string File = "ledger.py";
    private const string SmallFile = "small.py";
    private const string Pasted = "pasting the file and getting text back";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly RowHead Review = Head("tokens-review", $"client's characters for \"review this {Lines:N0}-line file\", by path");
    private static readonly RowHead Write = Head("tokens-tests", $"client's characters for \"write tests for it into a file\" ({Lines:N0} lines)");
    private static readonly RowHead WriteSmall = Head("tokens-tests-small", $"the same for a file of {SmallLines} lines");

    public string Name => "tokens";

    public IReadOnlyList<RowHead> Rows => [Review, Write, WriteSmall];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken) =>
        Measured.Of(await ReviewAsync(cancellationToken), await WriteAsync(Write, File, cancellationToken), await WriteAsync(WriteSmall, SmallFile, cancellationToken));

    private static RowHead Head(string id, string what) => new(id, what, Pasted, Measure.Ratio, RowHead.Characters, Limit.NoMoreThan(0.05));

    private static async Task<ResultRow> ReviewAsync(CancellationToken cancellationToken)
    {
        const string Task = "Review this file: name the gravest problems first, in at most ten points.";
        await using var desk = await Desk.OpenAsync(SampleTexts.Review, cancellationToken);
        var byPath = await desk.CallAsync("chat", new JsonObject { ["prompt"] = Task, ["files"] = new JsonArray(File) }, cancellationToken);
        var pasted = await desk.CallAsync("chat", new JsonObject { ["prompt"] = $"{Task}\n\n{desk.Source}" }, cancellationToken);
        return Row(Review, byPath, [new Cost("reading the file", desk.Source.Length), .. pasted]);
    }

    private static async Task<ResultRow> WriteAsync(RowHead head, string file, CancellationToken cancellationToken)
    {
        const string Task = "Write pytest tests for this module, one for each of the first thirty functions.";
        const string Path = "test_ledger.py";
        await using var desk = await Desk.OpenAsync(SampleTexts.Tests(Tests), cancellationToken);
        var source = file == File ? desk.Source : desk.SmallSource;
        var toFile = await desk.CallAsync("chat_to_file", new JsonObject { ["prompt"] = Task, ["path"] = Path, ["files"] = new JsonArray(file) }, cancellationToken);
        var pasted = await desk.CallAsync("chat", new JsonObject { ["prompt"] = $"{Task}\n\n{source}" }, cancellationToken);
        var written = Characters("Write", new JsonObject { ["file_path"] = Path, ["content"] = SampleTexts.TestCode(Tests) });
        return Row(head, toFile, [new Cost("reading the file", source.Length), .. pasted, new Cost("the Write call", written)]);
    }

    private static ResultRow Row(RowHead head, IReadOnlyList<Cost> ours, IReadOnlyList<Cost> against)
    {
        var (by, paste) = (ours.Sum(cost => cost.Characters), against.Sum(cost => cost.Characters));
        return head.Of(
            [(by, paste)],
            $"ours: {string.Join(", ", ours)}",
            $"pasting: {string.Join(", ", against)}; line numbers that a client adds when it reads are not counted",
            FormattableString.Invariant($"at {CharactersPerToken} characters a token on both sides: {by / CharactersPerToken:N0} tokens against {paste / CharactersPerToken:N0}"),
            FormattableString.Invariant($"were the file in the context anyway: {(double)by / (paste - against[0].Characters):0.000}"));
    }

    private static int Characters(string tool, JsonObject arguments) => tool.Length + arguments.ToJsonString(Relaxed).Length;

    private sealed record Cost(string What, int Characters)
    {
        public override string ToString() => FormattableString.Invariant($"{What} {Characters:N0}");
    }

    /// <summary>A project, and a session in it whose model says one thing.</summary>
    private sealed class Desk(FakeServerProcess server, BenchHome home, BenchSession session) : IAsyncDisposable
    {
        public string Source { get; } = SampleTexts.Source(Lines);

        public string SmallSource { get; } = SampleTexts.Source(SmallLines);

        public static async Task<Desk> OpenAsync(string answer, CancellationToken cancellationToken)
        {
            var server = await FakeServerProcess.StartAsync(cancellationToken, "--answer", answer);
            var home = new BenchHome(engine: null, server.Address);
            var project = home.NewFolder();
            var desk = new Desk(server, home, await BenchSession.StartAsync(home, project, cancellationToken));
            await System.IO.File.WriteAllTextAsync(Path.Combine(project, File), desk.Source, cancellationToken);
            await System.IO.File.WriteAllTextAsync(Path.Combine(project, SmallFile), desk.SmallSource, cancellationToken);
            return desk;
        }

        public async Task<IReadOnlyList<Cost>> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
        {
            var asked = Characters(tool, arguments);
            var result = await session.CallAsync(tool, arguments, cancellationToken);
            return [new Cost("the call", asked), new Cost("its result", result.Text.Length)];
        }

        public async ValueTask DisposeAsync()
        {
            await session.DisposeAsync();
            await home.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
