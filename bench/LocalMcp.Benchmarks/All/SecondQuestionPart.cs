using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.All;

/// <summary>How long the first token of a second question about the same file, named by its path, takes, against that of the first question.</summary>
internal sealed class SecondQuestionPart : IPart
{
    // A token a character for the heavy model, which has no words.
    private const int FileLength = 2_000;

    private static readonly RowHead Second = new("second-question", "second question about the same file, time to first token", "the first question", Measure.Ratio, RowHead.Milliseconds, Limit.NoMoreThan(0.1));

    public string Name => "prefix";

    public IReadOnlyList<RowHead> Rows => [Second];

    public async Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken)
    {
        var project = bed.WithEngine.NewFolder();
        await using var session = await BenchSession.StartAsync(bed.WithEngine, project, cancellationToken);
        await session.AskAsync(new("Good morning.", Model: BenchModels.Heavy, MaxTokens: 1), cancellationToken);
        List<(double, double)> runs = [];
        for (var run = 0; run < bed.Options.Runs(6, 1); run++)
        {
            var name = $"notes-{run}.txt";
            await File.WriteAllTextAsync(Path.Combine(project, name), BenchModels.FreshText(FileLength), cancellationToken);
            var first = await FirstTokenAsync(session, name, "What is it about?", cancellationToken);
            runs.Add((await FirstTokenAsync(session, name, "Which word is the longest one?", cancellationToken), first));
        }
        return Measured.Of(Second.Of(runs, $"a file of {FileLength:N0} tokens, named in `files`"));
    }

    // An answer of one token ends with its first: measured from outside, without the rounding of what the program says itself.
    private static async Task<double> FirstTokenAsync(BenchSession session, string file, string question, CancellationToken cancellationToken) =>
        (await session.AskAsync(new ChatRequest(question, Model: BenchModels.Heavy, MaxTokens: 1) { FileNames = [file] }, cancellationToken)).Took.TotalMilliseconds;
}
