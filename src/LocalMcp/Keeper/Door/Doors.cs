using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper.Door;

/// <summary>The open doors of a keeper. One of them may stay; any number closes with its session.</summary>
internal sealed class Doors(UserEnvironment environment, EngineRoom room, Func<Settings> settings)
{
    private readonly Lock guarding = new();
    private readonly Dictionary<Door, Task> open = [];
    private bool closed;

    /// <summary>Opens one; or returns the one that stays, where it is open already.</summary>
    /// <exception cref="LocalMcpException">It cannot be opened, or the settings or the user's key are broken.</exception>
    public (Door Door, bool IsNew) Open(Wish.Door wish)
    {
        lock (guarding)
        {
            if (closed)
                throw new BackendException(BackendFailure.Dropped, "The engine's keeper is ending, so no door of it can be opened. Try again; the next one is started then.");
            if (!wish.Stays)
                return (Add(wish.Again?.Port ?? 0, wish.Again?.Key ?? DoorKey.New(), wish), true);
            var (port, key) = (settings().Engine.Port, DoorKey.Kept(environment));
            var staying = open.Keys.FirstOrDefault(door => door is { Stays: true, Closed.IsCompleted: false });
            if (staying?.Place == new DoorPlace(port, key))
                return (staying, false);
            // The settings or the key have changed since: who comes with the old ones is not to come in.
            var door = port == staying?.Place.Port ? throw Changed(port) : Add(port, key, wish);
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

    /// <summary>Closes all, and returns when everybody has gone.</summary>
    public async Task CloseAsync()
    {
        Task[] left;
        lock (guarding)
        {
            closed = true;
            foreach (var door in open.Keys)
                door.Cut();
            left = [.. open.Values];
        }
        await Task.WhenAll(left);
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

    private BackendException Changed(int port) =>
        new(BackendFailure.Refused, $"The door on port {port} is open with another key than {DoorKey.File(environment)} holds now. `local-mcp stop` closes it; then it can be opened with the new key.");
}
