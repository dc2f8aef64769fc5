namespace LocalMcp.Keeper;

/// <summary>How often in a row an engine has failed with a model, and what that means for the next try.</summary>
/// <param name="Count">Ends without a turn in order between them.</param>
/// <param name="Words">Of the last one.</param>
/// <param name="At">Timestamp of the last one.</param>
internal sealed record CrashLoop(int Count, string Words, long At)
{
    private const int Tries = 3;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static CrashLoop After(CrashLoop? before, string words, long now) => new((before?.Count ?? 0) + 1, words, now);

    /// <summary>How long the next try waits, counted from the last end: nothing up to the third failure, then 5 s, twice as long each time, at most 30 s.</summary>
    public TimeSpan Pause => Count < Tries ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(First.Ticks << Math.Min(Count - Tries, 10), Longest.Ticks));

    /// <summary>What an error adds; empty before the third failure.</summary>
    public string Remark => Count < Tries ? "" : $" That was failure {Count} in a row; the next try waits {Pause.TotalSeconds:0} s.";
}
