using System.Net;
using System.Net.Sockets;
using LocalMcp.Backends;

namespace LocalMcp.Keeper.Door;

/// <summary>A port on 127.0.0.1 that leads to one model, for who has its key.</summary>
internal sealed class Door : IDisposable
{
    // Others of this machine can connect, too, and must not take all descriptors of the keeper.
    private const int MostVisits = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Socket listener;
    private readonly CancellationTokenSource shutting = new();
    private readonly CancellationTokenSource cutting = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Task> visits = [];
    private volatile DoorPlace place;
    private volatile WantedModel model;
    private int running;

    private Door(Socket listener, string key, WantedModel model, bool stays)
    {
        (this.listener, this.model, Stays) = (listener, model, stays);
        place = new DoorPlace(((IPEndPoint)listener.LocalEndPoint!).Port, key);
    }

    public DoorPlace Place => place;

    public bool Stays { get; }

    /// <summary>Where it leads to; a request that has begun keeps what it had.</summary>
    public WantedModel Model
    {
        get => model;
        set => model = value;
    }

    /// <summary>Completes when nobody can come any more.</summary>
    public Task Closed => closed.Task;

    public DoorStatus Status => new(Place.Port, Model.Name, Stays, Volatile.Read(ref running));

    /// <summary>Listens.</summary>
    /// <param name="port">On 127.0.0.1; 0 for any that is free.</param>
    /// <exception cref="BackendException">It cannot.</exception>
    public static Door Open(int port, string key, WantedModel model, bool stays)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(128);
            return new Door(listener, key, model, stays);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listener.Dispose();
            throw new BackendException(BackendFailure.Refused, $"Port {port} of 127.0.0.1 is taken by another program. Set engine.port in settings.json to a free one, or end that program.", taken);
        }
        catch (SocketException cannot)
        {
            listener.Dispose();
            throw new BackendException(BackendFailure.Refused, $"The engine's keeper cannot listen on port {port} of 127.0.0.1: {cannot.Message.TrimEnd('.')}. Set engine.port in settings.json to another one.", cannot);
        }
    }

    /// <summary>Lets everybody in until it is shut, and returns when the last one has gone.</summary>
    /// <param name="visit">Answers one connection, and disposes it.</param>
    public async Task RunAsync(Func<Socket, CancellationToken, Task> visit)
    {
        while (!shutting.IsCancellationRequested)
        {
            try
            {
                visits.RemoveWhere(v => v.IsCompleted);
                if (visits.Count < MostVisits)
                    visits.Add(CountAsync(await listener.AcceptAsync(shutting.Token), visit));
                else
                    await Task.WhenAny(visits).WaitAsync(shutting.Token);
            }
            catch (OperationCanceledException)
            {
                // It is shut.
            }
            catch (SocketException)
            {
                // One that has left already, or no descriptor is free: those that end make room.
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
        listener.Dispose();
        closed.TrySetResult();
        await Task.WhenAll(visits);
    }

    /// <summary>Changes its key: the old one is no good from now on.</summary>
    public void Rekey(string key) => place = place with { Key = key };

    /// <summary>Lets nobody in any more; who is in may finish.</summary>
    public void Shut() => shutting.Cancel();

    /// <summary>Ends what runs through it, too.</summary>
    public void Cut()
    {
        shutting.Cancel();
        cutting.Cancel();
    }

    public void Dispose()
    {
        listener.Dispose();
        shutting.Dispose();
        cutting.Dispose();
    }

    private async Task CountAsync(Socket visitor, Func<Socket, CancellationToken, Task> visit)
    {
        Interlocked.Increment(ref running);
        await Task.Yield();
        try
        {
            await visit(visitor, cutting.Token);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }
}
