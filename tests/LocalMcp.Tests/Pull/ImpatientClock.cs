using System.Collections.Concurrent;
using LocalMcp.Pull;

namespace LocalMcp.Tests.Pull;

/// <summary>The system's clock, but every pause is over at once, and noted. The limit of silence on a connection is over when a test says so.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    private volatile Action? silence;

    /// <summary>The pauses that were asked for.</summary>
    public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public Action BeforePause { get; set; } = () => { };

    /// <summary>Ends the last wait for a server that says nothing.</summary>
    public void EndSilence() => silence?.Invoke();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == HubConnection.Silence)
            silence = () => callback(state);
        if (dueTime == HubConnection.Silence || dueTime == Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);
        Pauses.Enqueue(dueTime);
        BeforePause();
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
