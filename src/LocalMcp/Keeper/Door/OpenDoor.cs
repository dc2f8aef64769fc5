using LocalMcp.Backends;

namespace LocalMcp.Keeper.Door;

/// <summary>
/// An open door. Its connection to the keeper is its lease. Where a keeper ends that was not told to (it has crashed, or makes way for a newer version), the
/// same door is opened at the next one, with the same port and key, and nothing is loaded before the next request.
/// </summary>
internal sealed class OpenDoor : IAsyncDisposable
{
    private const int MostTries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource leaving = new();
    private readonly Task keeping;
    private KeeperConnection connection;

    public OpenDoor(EngineDoor doors, Wish.Door wish, KeeperConnection connection, KeeperSays.Opened opened)
    {
        (Url, Key, Context, Engine) = (new Uri($"http://127.0.0.1:{opened.Place.Port}"), opened.Place.Key, opened.Context, opened.Engine ?? "");
        this.connection = connection;
        keeping = KeepAsync(doors, wish with { Again = opened.Place });
    }

    /// <summary>http://127.0.0.1:PORT, without /v1.</summary>
    public Uri Url { get; }

    /// <summary>A secret: as a bearer token, or as x-api-key. It belongs into no argument of a program, and no log.</summary>
    public string Key { get; }

    /// <summary>Tokens that the engine serves in each slot, prompt and answer together; null when it does not say.</summary>
    public int? Context { get; }

    /// <summary>The engine, as errors call it.</summary>
    public string Engine { get; }

    /// <summary>Completes when the door is closed for good: the engine was stopped, or could not be reached again.</summary>
    public Task Closed => keeping;

    /// <summary>Closes it, unless it stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        await keeping;
        connection.Dispose();
        leaving.Dispose();
    }

    private async Task KeepAsync(EngineDoor doors, Wish.Door wish)
    {
        try
        {
            while (await connection.NextAsync(leaving.Token) is not KeeperSays.Ended && !wish.Stays && await AgainAsync(doors, wish))
            {
                // The same at another keeper.
            }
        }
        catch (OperationCanceledException)
        {
            // It is closed from here.
        }
    }

    private async Task<bool> AgainAsync(EngineDoor doors, Wish.Door wish)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            try
            {
                if (await doors.TryAsync(wish, null, leaving.Token) is var (next, _))
                {
                    connection.Dispose();
                    connection = next;
                    return true;
                }
            }
            catch (BackendException)
            {
                // The old one still holds the port, or there is no way to start a new one.
            }
            await Task.Delay(Pause, TimeProvider.System, leaving.Token);
        }
        return false;
    }
}
