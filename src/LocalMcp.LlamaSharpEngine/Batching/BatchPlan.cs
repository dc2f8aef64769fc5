namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>Who gets how many tokens of the next batch.</summary>
internal static class BatchPlan
{
    // While answers are being written, prompts are read in small pieces: nobody waits a second for the next word.
    private const int ReadingBesideWriting = 128;

    /// <summary>One token for each that writes; what is left to the prompts, in the order of arrival. Never more than the capacity.</summary>
    public static IReadOnlyList<(ChatRun Run, int Count)> For(IReadOnlyList<ChatRun> runs, int capacity)
    {
        var plan = runs.Where(run => run.IsWriting).Take(capacity).Select(run => (run, 1)).ToList();
        var left = plan.Count == 0 ? capacity : Math.Min(capacity - plan.Count, ReadingBesideWriting);
        foreach (var run in runs.Where(run => !run.IsWriting))
        {
            var count = Math.Min(left, run.Pending);
            if (count > 0)
                plan.Add((run, count));
            left -= count;
        }
        return plan;
    }
}
