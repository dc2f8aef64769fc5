using LocalMcp.Chat;
using ModelContextProtocol;

namespace LocalMcp.Tools;

/// <summary>
/// Tells the client what goes on: a change at once, but no more than once a second, and the same again every few seconds with the time that
/// has passed, so that neither a user nor the client's idle limit takes a long load for a dead server. The numbers rise with each.
/// </summary>
internal sealed class ProgressReporter : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4);

    private readonly IProgress<ProgressNotificationValue> client;
    private readonly TimeProvider clock;
    private readonly CallState state;
    private readonly long started;
    private readonly ITimer next;
    private readonly Lock telling = new();
    private string told = "";
    private long toldAt;
    private int count;
    private bool isDueSoon;
    private bool over;

    public ProgressReporter(IProgress<ProgressNotificationValue> client, TimeProvider clock)
    {
        (this.client, this.clock, state) = (client, clock, new CallState(clock));
        started = clock.GetTimestamp();
        next = clock.CreateTimer(_ => Tell(null), null, Heartbeat, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sees every piece of the answer.</summary>
    public void Watch(ChatDelta delta) => Tell(delta);

    public void Dispose()
    {
        lock (telling)
            over = true;
        next.Dispose();
    }

    private void Tell(ChatDelta? delta)
    {
        lock (telling)
        {
            if (over)
                return;
            if (delta is not null)
                state.Take(delta);
            var wait = count == 0 ? TimeSpan.Zero : Pace - clock.GetElapsedTime(toldAt);
            if (wait <= TimeSpan.Zero)
            {
                Tell();
            }
            else if (delta is null || !isDueSoon)
            {
                isDueSoon = true;
                next.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Tell()
    {
        toldAt = clock.GetTimestamp();
        var words = state.Words;
        client.Report(new ProgressNotificationValue { Progress = ++count, Message = words == told ? $"{words}, {clock.GetElapsedTime(started).TotalSeconds:0} s" : words });
        (told, isDueSoon) = (words, false);
        next.Change(Heartbeat, Timeout.InfiniteTimeSpan);
    }
}
