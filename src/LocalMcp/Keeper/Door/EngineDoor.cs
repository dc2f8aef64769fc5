using LocalMcp.Backends;

namespace LocalMcp.Keeper.Door;

/// <summary>What a door is to be like.</summary>
/// <param name="LeastContext">Tokens that each answer needs at least, prompt and answer together; 0 where the settings alone decide.</param>
/// <param name="Stays">Whether it stays when the caller has gone, until `local-mcp stop`: on the port of the settings, with the key of the user.</param>
internal sealed record DoorWish(int LeastContext, bool Stays);

/// <summary>A session's way to a door: to the engine's model over HTTP on 127.0.0.1, for programs that know no other.</summary>
internal sealed class EngineDoor(KeeperLink keeper, TimeProvider clock)
{
    private const int Tries = 3;

    // While a load is awaited, the keeper says how it stands about once a second.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>Opens one, with the model loaded. It closes when what is returned is disposed, or this process ends, unless it stays.</summary>
    /// <param name="model">Its <see cref="WantedModel.LeastContext"/> is that of the wish.</param>
    /// <param name="progress">Told while the model waits for others, or loads.</param>
    /// <exception cref="BackendException">It cannot be opened, or the model does not load.</exception>
    public async Task<OpenDoor> OpenAsync(WantedModel model, DoorWish wish, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var wanted = new Wish.Door(model with { LeastContext = wish.LeastContext > 0 ? wish.LeastContext : null }, wish.Stays);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await TryAsync(wanted, progress, cancellationToken) is var (connection, opened))
                return new OpenDoor(this, wanted, connection, opened);
        }
        throw new BackendException(BackendFailure.Dropped, "The engine's keeper was ended several times before the door was open. Try again; `local-mcp ps` shows what runs.");
    }

    /// <summary>Says the wish to the keeper, which is started if need be; null when it has gone meanwhile.</summary>
    /// <exception cref="BackendException">It refuses, or cannot be reached.</exception>
    public async Task<(KeeperConnection Connection, KeeperSays.Opened Opened)?> TryAsync(Wish.Door wish, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var connection = await keeper.OpenAsync(cancellationToken);
        KeeperSays.Opened? opened = null;
        try
        {
            await connection.SendAsync(wish, cancellationToken);
            opened = await OpenedAsync(connection, progress, cancellationToken);
            return opened is null ? null : (connection, opened);
        }
        finally
        {
            if (opened is null)
                connection.Dispose();
        }
    }

    private async Task<KeeperSays.Opened?> OpenedAsync(KeeperConnection connection, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        while (await NextAsync(connection, cancellationToken) is { } says)
        {
            if (says is KeeperSays.Opened opened)
                return opened;
            if (says is KeeperSays.Failed failed)
                throw new BackendException(failed.Failure, failed.Message);
            if (Words(says) is { } words)
                progress?.Report(words);
        }
        return null;
    }

    private async Task<KeeperSays?> NextAsync(KeeperConnection connection, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestSilence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await connection.NextAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine's keeper (process {connection.Greeting!.ProcessId}) has said nothing for {LongestSilence.TotalSeconds:0} s. `local-mcp stop` ends it; the next call starts a fresh one.");
        }
    }

    private static string? Words(KeeperSays says) => says switch
    {
        KeeperSays.Queued queued => $"queued {queued.Position}/{queued.Of}",
        KeeperSays.Waiting waiting => waiting.What,
        KeeperSays.Loading { Percent: { } percent } => $"loading {percent} %",
        KeeperSays.Loading loading => $"loading {loading.Model}",
        _ => null,
    };
}
