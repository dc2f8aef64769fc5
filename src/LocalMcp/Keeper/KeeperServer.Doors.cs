using LocalMcp.Backends;
using LocalMcp.Keeper.Door;
using LocalMcp.State;

namespace LocalMcp.Keeper;

// Doors for sessions, and for who was told once where to find the engine.
internal sealed partial class KeeperServer
{
    private Doors? doors;

    private Doors Doors => LazyInitializer.EnsureInitialized(ref doors, () => new Doors(environment, room, ReadSettings));

    private Settings ReadSettings() => settings = new SettingsFile(environment).Read();

    // The door is there first, for a port that is taken is to be told before a model is loaded; then the model shows that it can be.
    private async Task OpenDoorAsync(KeeperConnection connection, Wish.Door wish)
    {
        using var left = new CancellationTokenSource();
        var closed = LeaveWhenClosedAsync(connection, left);
        Door.Door? door = null;
        var keep = false;
        try
        {
            (door, var isNew) = Doors.Open(wish);
            keep = !isNew;
            var ready = wish.Again is null ? await LoadAsync(connection, wish.Model, left.Token) : null;
            door.Model = wish.Model;
            if (isNew && wish.Stays)
                _ = HoldWhileOpenAsync(door);
            keep = wish.Stays;
            await connection.SayAsync(new KeeperSays.Opened(door.Place, ready?.Engine, ready?.Context), left.Token);
            await door.Closed.WaitAsync(left.Token);
            if (!retiring)
                await connection.SayAsync(new KeeperSays.Ended($"The door to {wish.Model.Name} was closed, for the engine was ended {endedBy}."), CancellationToken.None);
        }
        catch (LocalMcpException cannot)
        {
            await connection.SayAsync(new KeeperSays.Failed((cannot as BackendException)?.Failure ?? BackendFailure.Refused, cannot.Message), left.Token);
        }
        finally
        {
            // Who is in when a newer keeper takes over may finish.
            if (door is not null && !keep && !retiring)
                Doors.Close(door);
            connection.Dispose();
            await closed;
        }
    }

    private async Task HoldWhileOpenAsync(Door.Door door)
    {
        Count(1, 0);
        await door.Closed;
        Count(-1, 0);
    }

    // Loads the model, if need be, and says how that goes.
    private async Task<KeeperSays.Ready> LoadAsync(KeeperConnection connection, WantedModel model, CancellationToken left)
    {
        var turn = room.Enter(model, ReadSettings(), needsSlot: false);
        try
        {
            await foreach (var says in turn.Said(left))
            {
                if (says is KeeperSays.Ready ready)
                    return ready;
                if (says is KeeperSays.Failed failed)
                    throw new BackendException(failed.Failure, failed.Message);
                await connection.SayAsync(says, left);
            }
            throw new OperationCanceledException("The keeper makes way for a newer one, and closes.");
        }
        finally
        {
            room.Leave(turn);
        }
    }
}
