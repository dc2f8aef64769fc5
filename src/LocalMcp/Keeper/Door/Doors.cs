using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper.Door;

/// <summary>The open doors of a keeper. One of them may stay; any number closes with its session.</summary>
internal sealed class Doors(UserEnvironment environment, EngineRoom room, Func<Settings> settings)
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(0.5);

    private readonly Lock guarding = new();
    private readonly Dictionary<Door, Task> open = [];
    private bool closed;

    /// <summary>Opens one; or returns the one that stays, where it is open already.</summary>
    /// <exception cref="LocalMcpException">It cannot be opened, or the settings or the user's key are broken.</exception>
    /// <exception cref="OperationCanceledException">They are all being closed: sessions go to the next keeper.</exception>
    public (Door Door, bool IsNew) Open(Wish.Door wish)
    {
        lock (guarding)
        {
            if (closed)
                throw new OperationCanceledException("The engine's keeper is ending.");
            if (!wish.Stays)
                return (Add(wish.Again?.Port ?? 0, wish.Again?.Key ?? DoorKey.New(), wish), true);
            var (port, key) = (settings().Engine.Port, DoorKey.Kept(environment));
            var staying = open.Keys.FirstOrDefault(door => door is { Stays: true, Closed.IsCompleted: false });
            // With another key than when it was opened, who comes with the old one is not to come in any more.
            if (staying?.Place.Port == port)
            {
                staying.Rekey(key);
                return (staying, false);
            }
            var door = Add(port, key, wish);
            staying?.Shut();
            return (door, true);
        }
    }

    /// <summary>Closes one, and ends what runs through it.</summary>
    public void Close(Door door)
    {
        lock (guarding)
        {
            if (open.ContainsKey(door))
                door.Cut();
        }
    }

    /// <summary>Lets nobody in any more, through any of them; who is in may finish.</summary>
    public void Shut()
    {
        lock (guarding)
        {
            closed = true;
            foreach (var door in open.Keys)
                door.Shut();
        }
    }

    /// <summary>Closes all, and returns when everybody has gone. Who has just been told why is given a moment to hear it.</summary>
    public async Task CloseAsync()
    {
        Shut();
        Task left;
        lock (guarding)
            left = Task.WhenAll(open.Values.ToArray());
        await Task.WhenAny(left, Task.Delay(LongestFarewell, TimeProvider.System, CancellationToken.None));
        lock (guarding)
        {
            foreach (var door in open.Keys)
                door.Cut();
        }
        await left;
    }

    public IReadOnlyList<DoorStatus> Status
    {
        get
        {
            lock (guarding)
                return [.. open.Keys.Where(door => !door.Closed.IsCompleted).Select(door => door.Status)];
        }
    }

    private Door Add(int port, string key, Wish.Door wish)
    {
        var door = Door.Open(port, key, wish.Model, wish.Stays);
        open[door] = RunAsync(door);
        return door;
    }

    private async Task RunAsync(Door door)
    {
        await Task.Yield();
        await door.RunAsync((visitor, cut) => new DoorVisit(door, room, settings).RunAsync(visitor, cut));
        lock (guarding)
        {
            open.Remove(door);
            door.Dispose();
        }
    }
}
