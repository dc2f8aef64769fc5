namespace LocalMcp.Chat;

/// <summary>How fast tokens come now: over the last five seconds, by the clock, so that a pause shows.</summary>
internal sealed class TokenRate(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.25);

    private readonly Queue<(long At, int Count)> marks = new();
    private long marked;

    /// <summary>All that have come.</summary>
    public int Count { get; private set; }

    public void Add()
    {
        Count++;
        var now = clock.GetTimestamp();
        if (marks.Count > 0 && clock.GetElapsedTime(marked, now) < Step)
            return;
        marks.Enqueue((now, Count));
        marked = now;
    }

    /// <summary>Tokens a second; null until a second after the first one, whose own time is that of reading the prompt.</summary>
    public double? Speed
    {
        get
        {
            var now = clock.GetTimestamp();
            while (marks.Count > 1 && clock.GetElapsedTime(marks.Peek().At, now) > Window)
                marks.Dequeue();
            return marks.TryPeek(out var from) && clock.GetElapsedTime(from.At, now) is var time && time >= Least ? (Count - from.Count) / time.TotalSeconds : null;
        }
    }
}
