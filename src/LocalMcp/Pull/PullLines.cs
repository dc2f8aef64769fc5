namespace LocalMcp.Pull;

/// <summary>A pull in lines, for where no bar can be drawn: every note, and how far it is every ten seconds or five percent, at most once a second.</summary>
internal sealed class PullLines(Action<string> write, TimeProvider clock)
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);

    private readonly Speedometer speed = new(clock);
    private long toldAt = clock.GetTimestamp();
    private long told;

    /// <summary>Sees every step.</summary>
    public void Watch(PullStep step)
    {
        switch (step)
        {
            case PullStep.Note note:
                write(note.Text);
                break;
            case PullStep.Bytes bytes:
                speed.See(bytes.Done);
                var since = clock.GetElapsedTime(toldAt);
                if (since < Often || (since < Seldom && bytes.Done - told < bytes.Total / 20))
                    return;
                (toldAt, told) = (clock.GetTimestamp(), bytes.Done);
                write(speed.Text(bytes.Total));
                break;
        }
    }
}
