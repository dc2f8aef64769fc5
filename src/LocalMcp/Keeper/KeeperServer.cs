using System.Net.Sockets;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>
/// One for each user: owns the engines, and listens for the user's sessions. An open connection that asked for a lease or a turn keeps it; when there has been
/// none for the idle time it ends, and its engines with it. There is one because a lock of the kernel says so, which nothing can leave behind.
/// </summary>
internal sealed partial class KeeperServer(KeeperPlace place, UserEnvironment environment, EngineRoom room, TimeProvider clock) : IDisposable
{
    private const int LongestWish = 64 * 1024;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLastEngine = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan LongestGreeting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestUnheld = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource ending = new();
    private readonly Lock counting = new();
    private readonly HashSet<Task> visits = [];
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Settings settings = new();
    private int holders;
    private bool wasHeld;
    private int leases;
    private long lastHeld;
    private DateTime boundAt;
    private volatile bool retiring;
    private string endedBy = "by a signal";

    /// <summary>Serves until it is idle, told to end, or cancelled.</summary>
    /// <param name="listening">Called once it can be reached.</param>
    /// <returns>False when another keeper serves already.</returns>
    /// <exception cref="BackendException">It cannot listen.</exception>
    public async Task<bool> RunAsync(Action listening, CancellationToken cancellationToken)
    {
        using var alone = await LockAsync(cancellationToken);
        if (alone is null)
            return false;
        using var stop = cancellationToken.Register(ending.Cancel);
        await ClearAsync(cancellationToken);
        using var listener = Listen();
        lastHeld = clock.GetTimestamp();
        await using var beat = clock.CreateTimer(_ => OnBeat(), null, Beat, Beat);
        listening();
        await AcceptAsync(listener);
        // Who comes now starts the next one, which waits for the lock.
        listener.Close();
        if (IsFound())
            File.Delete(place.Socket);
        File.Delete(place.RetiringSocket);
        Doors.Shut();
        await room.EndAsync(endedBy);
        await Doors.CloseAsync();
        gone.SetResult();
        await VisitsAsync();
        return true;
    }

    public void Dispose() => ending.Dispose();

    private async Task AcceptAsync(Socket listener)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var visitor = await listener.AcceptAsync(ending.Token);
                lock (counting)
                {
                    visits.RemoveWhere(v => v.IsCompleted);
                    visits.Add(VisitAsync(visitor));
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // One that has left already, or no descriptor is free: those that end make room.
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task VisitAsync(Socket visitor)
    {
        await Task.Yield();
        using var connection = new KeeperConnection(visitor);
        try
        {
            place.CheckPeer(visitor);
            await connection.GreetAsync(new KeeperSays.Hello(KeeperWire.Protocol, ProgramVersion.Text, Environment.ProcessId), ending.Token);
            using var patience = new CancellationTokenSource(LongestGreeting, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ending.Token);
            var wish = await connection.LineAsync(LongestWish, either.Token) is { } line ? KeeperWire.Wish(line) : null;
            await FulfilAsync(connection, wish);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or BackendException)
        {
            // Whoever has left needs no answer.
        }
        catch (Exception defect)
        {
            // What nobody has foreseen in one call must not end the engine of all the others.
            await TryToSayAsync(connection, $"The engine's keeper could not do this ({defect.GetType().Name}: {defect.Message}). Please report this.");
        }
    }

    private static async Task TryToSayAsync(KeeperConnection connection, string words)
    {
        try
        {
            await connection.SayAsync(new KeeperSays.Failed(BackendFailure.Unintelligible, words), CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Then it is heard by nobody.
        }
    }

    private Task FulfilAsync(KeeperConnection connection, Wish? wish) => wish switch
    {
        Wish.Lease => HoldAsync(connection, lease: true, connection.UntilClosedAsync(ending.Token)),
        Wish.Run { Model.IsSound: true } run => HoldAsync(connection, lease: false, RunAsync(connection, run.Model)),
        Wish.Door { Model.IsSound: true, Again: null or { IsSound: true } } door => HoldAsync(connection, lease: true, OpenDoorAsync(connection, door)),
        Wish.Look => connection.SayAsync(Status(), ending.Token),
        Wish.Stop => StopAsync(connection),
        Wish.Retire => RetireAsync(),
        _ => connection.SayAsync(new KeeperSays.Failed(BackendFailure.Unintelligible, $"The engine's keeper is version {ProgramVersion.Text} and does not know this wish. `local-mcp stop` ends it; the next call starts one of your version."), ending.Token),
    };

    private async Task HoldAsync(KeeperConnection connection, bool lease, Task held)
    {
        Count(1, lease ? 1 : 0);
        try
        {
            await held;
        }
        finally
        {
            Count(-1, lease ? -1 : 0);
        }
    }

    private void Count(int holder, int lease)
    {
        lock (counting)
        {
            wasHeld = true;
            holders += holder;
            leases += lease;
            lastHeld = clock.GetTimestamp();
        }
    }

    private async Task RunAsync(KeeperConnection connection, WantedModel model)
    {
        Turn turn;
        try
        {
            turn = room.Enter(model, ReadSettings());
        }
        catch (LocalMcpException broken)
        {
            await connection.SayAsync(new KeeperSays.Failed(BackendFailure.Refused, broken.Message), ending.Token);
            return;
        }
        using var left = new CancellationTokenSource();
        var closed = LeaveWhenClosedAsync(connection, left);
        try
        {
            await foreach (var says in turn.Said(left.Token))
                await connection.SayAsync(says, left.Token);
        }
        finally
        {
            room.Leave(turn);
            connection.Dispose();
            await closed;
        }
    }

    private static async Task LeaveWhenClosedAsync(KeeperConnection connection, CancellationTokenSource left)
    {
        await connection.UntilClosedAsync(CancellationToken.None);
        await left.CancelAsync();
    }

    // The connection closes when everything is gone.
    private async Task StopAsync(KeeperConnection connection)
    {
        await connection.SayAsync(Status(), ending.Token);
        endedBy = "with `local-mcp stop`";
        // Before those who run are sent away: nobody is to get a turn that ends at once.
        room.CloseAsEnded(endedBy);
        await ending.CancelAsync();
        await gone.Task;
    }

    private Task RetireAsync()
    {
        retiring = true;
        File.Move(place.Socket, place.RetiringSocket, overwrite: true);
        Doors.Shut();
        room.Close(null);
        OnBeat();
        return Task.CompletedTask;
    }

    private KeeperSays.Status Status()
    {
        lock (counting)
        {
            int? endsIn = holders == 0 ? (int)Math.Max(0, (Patience - clock.GetElapsedTime(lastHeld)).TotalSeconds) : null;
            return new KeeperSays.Status(ProgramVersion.Text, Environment.ProcessId, leases, room.Waiting, endsIn, room.Residents(settings.Engine.Unload)) { Doors = Doors.Status };
        }
    }

    // One of several that were started at once, and came too late for all of them, has nobody to stay for.
    private TimeSpan Patience => wasHeld || settings.Engine.Idle < LongestUnheld ? settings.Engine.Idle : LongestUnheld;

    private void OnBeat()
    {
        try
        {
            room.Tick(settings.Engine.Unload);
            if (IsDone())
                ending.Cancel();
        }
        catch (Exception defect) when (defect is not OutOfMemoryException)
        {
            // On a timer's thread this would end the engine of everybody. Whoever calls next is told.
        }
    }

    // Idle for long enough; or out of everybody's reach, because its socket was removed or replaced, and nothing runs.
    private bool IsDone()
    {
        if (retiring || !IsFound())
        {
            retiring = true;
            return !room.IsRunning && room.Waiting == 0;
        }
        lock (counting)
            return holders == 0 && clock.GetElapsedTime(lastHeld) >= Patience;
    }

    // Whether the socket is the one that this keeper made.
    private bool IsFound() => File.Exists(place.Socket) && File.GetLastWriteTimeUtc(place.Socket) == boundAt;

    private async Task VisitsAsync()
    {
        Task[] left;
        lock (counting)
            left = [.. visits.Where(v => !v.IsCompleted)];
        await Task.WhenAny(Task.WhenAll(left), Task.Delay(Beat, TimeProvider.System, CancellationToken.None));
    }
}
