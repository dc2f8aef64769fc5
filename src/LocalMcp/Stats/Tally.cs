namespace LocalMcp.Stats;

/// <summary>Calls added up. Sums leave out the calls whose figures nobody reported.</summary>
/// <param name="Of">What they have in common: a day or a model.</param>
internal sealed record Tally(string Of, int Calls, int Failed, int Uncounted, long Prompt, long Answer, long Pasted, long Spent, double? Speed)
{
    /// <summary>
    /// Adds calls up. <see cref="Pasted"/> is what the calls would have cost in the client's context with the files pasted into the question and the whole answer handed back;
    /// <see cref="Spent"/> what they cost with paths and receipts: both in the local models' tokens. <see cref="Speed"/> is the median of the decode speeds, in tokens per second.
    /// </summary>
    public static Tally Sum(string of, IReadOnlyList<CallRecord> calls)
    {
        var counted = calls.Where(call => call is { Prompt: not null, Answer: not null, Written: not null, Returned: not null }).ToList();
        return new Tally(
            of,
            calls.Count,
            calls.Count(call => call.Failed),
            calls.Count(call => !call.Failed) - counted.Count(call => !call.Failed),
            counted.Sum(call => (long)call.Prompt!),
            counted.Sum(call => (long)call.Answer!),
            counted.Sum(call => (long)call.Written! + (call.FileTokens ?? 0) + (call.Text ?? 0)),
            counted.Sum(call => (long)call.Written! + call.Returned!.Value),
            Median([.. calls.Select(call => call.Speed).OfType<double>().Order()]));
    }

    /// <summary>By day, as the clock on the wall has it, oldest first.</summary>
    public static IReadOnlyList<Tally> ByDay(IEnumerable<CallRecord> calls, TimeZoneInfo zone) =>
        [.. calls.GroupBy(call => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(call.At, zone).DateTime)).OrderBy(day => day.Key).Select(day => Sum($"{day.Key:yyyy-MM-dd}", [.. day]))];

    /// <summary>By model, the most used first. Calls that failed before a model was chosen come last.</summary>
    public static IReadOnlyList<Tally> ByModel(IEnumerable<CallRecord> calls) =>
        [.. calls.GroupBy(call => call.Model is null ? "" : $"{call.Model} ({call.Backend})").OrderBy(model => model.Key.Length == 0).ThenByDescending(model => model.Count()).ThenBy(model => model.Key, StringComparer.Ordinal)
            .Select(model => Sum(model.Key.Length == 0 ? "(none chosen)" : model.Key, [.. model]))];

    private static double? Median(IReadOnlyList<double> sorted) => sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
