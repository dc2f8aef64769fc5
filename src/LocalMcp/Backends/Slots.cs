using System.Runtime.CompilerServices;
using LocalMcp.Chat;

namespace LocalMcp.Backends;

/// <summary>
/// The slots of one server, as far as this session takes them. Calls beyond them wait here in the order of arrival, and not in the server's own queue,
/// which tells nobody how it stands. Other sessions may take the same slots: then the server makes us wait as well.
/// </summary>
internal sealed class Slots(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock arranging = new();
    private readonly List<Place> waiting = [];
    private int taken;
    private int? count;

    /// <summary>How many calls the server answers at once; null where it does not say, and then nobody waits.</summary>
    public int? Count
    {
        get
        {
            lock (arranging)
                return count;
        }

        set
        {
            lock (arranging)
            {
                count = value;
                Grant();
            }
        }
    }

    /// <summary>A place, which is a slot or the end of the queue. Whoever is done with it, or does not want it any more, disposes it.</summary>
    public Place Enter()
    {
        var place = new Place(this, clock);
        lock (arranging)
        {
            waiting.Add(place);
            Grant();
        }
        return place;
    }

    private void Grant()
    {
        while (waiting.Count > 0 && !(taken >= count))
        {
            waiting[0].Granted.SetResult();
            waiting.RemoveAt(0);
            taken++;
        }
    }

    private void Leave(Place place)
    {
        lock (arranging)
        {
            if (waiting.Remove(place))
                return;
            taken--;
            Grant();
        }
    }

    private (int Position, int Of) Standing(Place place)
    {
        lock (arranging)
            return (waiting.IndexOf(place) + 1, waiting.Count);
    }

    /// <summary>One call's place.</summary>
    internal sealed class Place(Slots slots, TimeProvider clock) : IDisposable
    {
        private int left;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Signs of life, <c>queued 2/3</c> about once a second, until the slot is there; none where it is there at once.</summary>
        public async IAsyncEnumerable<ChatDelta.Progress> WaitAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (!Granted.Task.IsCompleted)
            {
                var (position, of) = slots.Standing(this);
                if (position > 0)
                    yield return new ChatDelta.Progress($"queued {position}/{of}");
                // A delay that is still on its way when the slot has come ends with it.
                using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(Granted.Task, Task.Delay(Pause, clock, over.Token));
                await over.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
                slots.Leave(this);
        }
    }
}
