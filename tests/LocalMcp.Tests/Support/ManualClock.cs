namespace LocalMcp.Tests.Support;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock moving = new();
    private readonly List<ManualTimer> timers = [];
    private readonly List<(TimeSpan Within, TaskCompletionSource Set)> waiting = [];
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (moving)
            return now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    /// <summary>Moves the clock on, and rings every timer whose time has come.</summary>
    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (moving)
        {
            now += by;
            due = timers.Where(t => t.Due <= now).ToList();
        }
        foreach (var timer in due)
            timer.Ring();
    }

    /// <summary>Completes when a timer is set that rings within this time: somebody waits, and the clock may be moved.</summary>
    public Task WaitForTimerAsync(TimeSpan within)
    {
        lock (moving)
        {
            if (timers.Any(t => t.Due - now <= within))
                return Task.CompletedTask;
            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((within, set));
            return set.Task;
        }
    }

    private void TellOf(ManualTimer timer)
    {
        foreach (var (within, set) in waiting)
        {
            if (timer.Due != TimeSpan.MaxValue && timer.Due - now <= within)
                set.TrySetResult();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        lock (moving)
        {
            timers.Add(timer);
            timer.Change(dueTime, period);
        }
        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, Action ring) : ITimer
    {
        private TimeSpan period;

        public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        public void Ring()
        {
            lock (clock.moving)
                Due = period > TimeSpan.Zero ? clock.now + period : TimeSpan.MaxValue;
            ring();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.moving)
            {
                this.period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : clock.now + dueTime;
                clock.TellOf(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.moving)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
