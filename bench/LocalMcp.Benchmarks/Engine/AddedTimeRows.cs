using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>What a session adds to a chat when all is warm: a question with an answer of one token, against the same one asked straight of the same engine.</summary>
internal static class AddedTimeRows
{
    private const int Small = 1_000;
    private const int Large = 200_000;

    public static async Task<IReadOnlyList<Finding>> MeasureAsync(BenchHome home, EngineOptions options, CancellationToken cancellationToken)
    {
        await using var sessions = new SessionGroup(home);
        await sessions.GrowAsync(1, BenchModels.Light, cancellationToken);
        using var straight = new EngineClient(home.EngineSocket!);
        return
        [
            await MeasureAsync(sessions[0], straight, Small, options, cancellationToken),
            await MeasureAsync(sessions[0], straight, Large, options, cancellationToken),
        ];
    }

    private static async Task<Finding> MeasureAsync(BenchSession session, EngineClient straight, int length, EngineOptions options, CancellationToken cancellationToken)
    {
        // Always the same: the engine has read it already, and only what is around it takes time.
        var prompt = string.Concat(Enumerable.Repeat(BenchModels.LightLine, length / BenchModels.LightLine.Length));
        var question = new ChatRequest(prompt, Model: BenchModels.Light, MaxTokens: 1);
        List<(double, double)> pairs = [];
        var warm = options.Runs(20, 3);
        for (var run = -warm; run < options.Runs(200, 20); run++)
        {
            var ours = run % 2 == 0 ? await OursAsync() : 0;
            var against = (await straight.AskAsync(question, cancellationToken)).Took.TotalMilliseconds;
            ours = run % 2 == 0 ? ours : await OursAsync();
            if (run >= 0)
                pairs.Add((ours, against));
        }
        return new Finding($"one token, all warm, prompt of {length / 1000} KB, against straight to the engine", Finding.Milliseconds, pairs);

        async Task<double> OursAsync() => (await session.AskAsync(question, cancellationToken)).Took.TotalMilliseconds;
    }
}
