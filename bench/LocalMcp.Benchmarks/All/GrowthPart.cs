using System.Text.Json.Nodes;
using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Chat;
using LocalMcp.TestModels;

namespace LocalMcp.Benchmarks.All;

/// <summary>How the time of a call grows: with the files that it names, with the models that lie in the folder, and with the length of the prompt.</summary>
internal sealed class GrowthPart : IPart
{
    private const int FileLength = 200;
    private static readonly int[] Counts = [1, 10, 100, 1_000];
    private static readonly int[] Kilobytes = [1, 10, 100, 200, 1_000];

    public string Name => "growth";

    public IReadOnlyList<RowHead> Rows => [];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        await using var server = await FakeServerProcess.StartAsync(cancellationToken, "--answer", "Yes.");
        return new Measured([], [await FilesAsync(server, bed.Options, cancellationToken), await ModelsAsync(bed, cancellationToken), await PromptAsync(server, bed.Options, cancellationToken)]);
    }

    private static async Task<Curve> FilesAsync(FakeServerProcess server, AllOptions options, CancellationToken cancellationToken)
    {
        await using var home = new BenchHome(engine: null, server.Address);
        var project = home.NewFolder();
        foreach (var count in Counts)
            await WriteFilesAsync(Directory.CreateDirectory(Path.Combine(project, Folder(count))).FullName, count, cancellationToken);
        await using var session = await BenchSession.StartAsync(home, project, cancellationToken);
        var times = await TimesAsync(Counts, options.Runs(20, 4), async count =>
            (await session.CallAsync("chat", new JsonObject { ["prompt"] = "Which one is the longest?", ["files"] = new JsonArray($"{Folder(count)}/*.txt") }, cancellationToken)).Took.TotalMilliseconds);
        return new Curve("files", $"Time of a call by number of files of {FileLength} bytes", "files", RowHead.Milliseconds, [new CurveLine("call, answered at once", times)], "", Quick: false);
    }

    private static async Task<Curve> ModelsAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        List<(int Count, List<double> First, List<double> Second)> lists = [];
        foreach (var count in bed.Options.Quick ? Counts[..^1] : Counts)
            lists.Add(await ListsAsync(bed, count, cancellationToken));
        return new Curve(
            "models",
            "Time of a list by number of models in the folder",
            "models",
            RowHead.Milliseconds,
            [
                new CurveLine("first list of a session", [.. lists.Select(list => new CurvePoint(list.Count, Spread.Of(list.First)))]),
                new CurveLine("second list", [.. lists.Select(list => new CurvePoint(list.Count, Spread.Of(list.Second)))]),
            ],
            "",
            Quick: false);
    }

    private static async Task<(int, List<double>, List<double>)> ListsAsync(BenchBed bed, int count, CancellationToken cancellationToken)
    {
        await using var home = new BenchHome(bed.Engine);
        RandomModel.Write(home.ModelFile("model-1"), RandomShape.Named("10M"), hollow: true);
        for (var number = 2; number <= count; number++)
            File.Copy(home.ModelFile("model-1"), home.ModelFile($"model-{number}"));
        List<double> first = [], second = [];
        for (var run = 0; run < bed.Options.Runs(5, 2); run++)
        {
            await using var session = await BenchSession.StartAsync(home, cancellationToken);
            first.Add((await session.CallAsync("list_models", [], cancellationToken)).Took.TotalMilliseconds);
            second.Add((await session.CallAsync("list_models", [], cancellationToken)).Took.TotalMilliseconds);
        }
        return (count, first, second);
    }

    private static async Task<Curve> PromptAsync(FakeServerProcess server, AllOptions options, CancellationToken cancellationToken)
    {
        await using var home = new BenchHome(engine: null, server.Address);
        await using var session = await BenchSession.StartAsync(home, cancellationToken);
        using var straight = server.Client();
        var prompts = Kilobytes.ToDictionary(size => size, size => new ChatRequest(string.Concat(Enumerable.Repeat(BenchModels.LightLine, size * 1000 / BenchModels.LightLine.Length)), Model: FakeServerProcess.Model, MaxTokens: 1));
        var added = await TimesAsync(Kilobytes, options.Runs(40, 6), async size =>
        {
            var ours = (await session.AskAsync(prompts[size], cancellationToken)).Took;
            return (ours - (await straight.AskAsync(prompts[size], cancellationToken)).Took).TotalMilliseconds;
        });
        return new Curve("prompt", "Added time of a call by length of the prompt", "KB", RowHead.Milliseconds, [new CurveLine("ours less straight", added)], "", Quick: false);
    }

    // All sizes in turn, again and again: what slows the machine down for a while slows all of them.
    private static async Task<IReadOnlyList<CurvePoint>> TimesAsync(int[] sizes, int runs, Func<int, Task<double>> measure)
    {
        var times = sizes.ToDictionary(size => size, _ => new List<double>());
        for (var run = -2; run < runs; run++)
        {
            foreach (var size in sizes)
            {
                var took = await measure(size);
                if (run >= 0)
                    times[size].Add(took);
            }
        }
        return [.. sizes.Select(size => new CurvePoint(size, Spread.Of(times[size])))];
    }

    private static async Task WriteFilesAsync(string folder, int count, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= count; number++)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{number:0000}.txt"), BenchModels.FreshText(FileLength), cancellationToken);
    }

    private static string Folder(int count) => $"of-{count}";
}
