using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>How long the first token of a second question about the same file takes, against that of the first question.</summary>
internal static class PrefixRow
{
    // A token a character for the heavy model.
    private const int FileLength = 2_000;
    private const int QuestionLength = 40;
    private const string System = "You answer questions about the file that you are given, in one short sentence.";

    public static async Task<IReadOnlyList<Finding>> MeasureAsync(BenchHome home, EngineOptions options, CancellationToken cancellationToken)
    {
        await using var sessions = new SessionGroup(home);
        await sessions.GrowAsync(2, BenchModels.Heavy, cancellationToken);
        List<(double, double)> pairs = [];
        List<double> elsewhere = [];
        for (var run = 0; run < options.Runs(5, 1); run++)
        {
            var file = BenchModels.FreshText(FileLength);
            var cold = await FirstTokenAsync(sessions[0], file, cancellationToken);
            pairs.Add((await FirstTokenAsync(sessions[0], file, cancellationToken), cold));
            elsewhere.Add(await FirstTokenAsync(sessions[1], file, cancellationToken));
        }
        return
        [
            new("first token of a second question about a file of 2,000 tokens, against the first question", Finding.Milliseconds, pairs, Goal.NoMoreThan(0.1))
            {
                Parts = [$"a third question, from another session: {FindingTable.Text(new Figures(elsewhere), Finding.Milliseconds)}"],
            },
        ];
    }

    private static async Task<double> FirstTokenAsync(BenchSession session, string file, CancellationToken cancellationToken)
    {
        var question = new ChatRequest($"{file}\n\n{BenchModels.FreshText(QuestionLength)}", System, BenchModels.Heavy, MaxTokens: 8);
        return (await session.AskAsync(question, cancellationToken)).FirstToken!.Value.TotalMilliseconds;
    }
}
