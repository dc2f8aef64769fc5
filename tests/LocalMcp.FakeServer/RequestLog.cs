namespace LocalMcp.FakeServer;

/// <summary>The requests so far. Whoever waits for something in it is woken by each change and looks again.</summary>
internal sealed class RequestLog
{
    private readonly Lock _lock = new();
    private readonly List<RecordedRequest> _requests = [];
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_lock)
            return [.. _requests];
    }

    public void Clear()
    {
        lock (_lock)
            _requests.Clear();
    }

    public void Add(RecordedRequest request) => Change(() => _requests.Add(request));

    public void Held(RecordedRequest request, bool held) => Change(() => request.Held = held);

    /// <summary>A connection that closes after the response has ended, or because the server dropped it, is no abort.</summary>
    public void ClientLeft(RecordedRequest request) => Change(() => request.Aborted |= !request.Ended);

    public void Ended(RecordedRequest request) => Change(() => request.Ended = true);

    /// <summary>Completes with the count-th request of this kind, at once if it is there already.</summary>
    public async Task<RecordedRequest> WaitAsync(Func<RecordedRequest, bool> which, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_requests.Where(which).ElementAtOrDefault(count - 1) is { } found)
                    return found;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            change();
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
