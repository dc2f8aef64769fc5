using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>A session's way to the keeper: connects to the one that is there, starts one where there is none, and sends an older one home.</summary>
internal sealed class KeeperLink(UserEnvironment environment, TimeProvider clock)
{
    private const int MostTries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // The process of the keeper whose greeting was fine; 0 where none is known.
    private volatile int ours;

    /// <summary>A connection to the keeper that is there; null when there is none. Starts nothing.</summary>
    /// <exception cref="BackendException">What is there belongs to another user, or does not answer.</exception>
    public async Task<KeeperConnection?> FindAsync(CancellationToken cancellationToken) =>
        await KeeperConnection.OpenAsync(KeeperPlace.Find(environment), clock, cancellationToken);

    /// <summary>A connection to the keeper, which is started if need be. The greeting of one that is known is heard with what it says first.</summary>
    /// <exception cref="BackendException">It cannot be started; the message holds its words.</exception>
    public async Task<KeeperConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var place = KeeperPlace.Find(environment);
        var words = "";
        for (var tries = 0; tries < MostTries; tries++)
        {
            var connection = await KeeperConnection.OpenAsync(place, clock, cancellationToken, known: ours > 0 ? ours : null);
            if (connection is null)
                (connection, words) = await KeeperStart.RunAsync(environment, place, clock, cancellationToken);
            if (connection is { Greeting: null } || (connection is not null && await IsOursAsync(connection, cancellationToken)))
            {
                ours = connection.Process ?? 0;
                return connection;
            }
        }
        throw new BackendException(BackendFailure.Unreachable, words.Length > 0 ? words : "The engine's keeper could not be started: it said nothing. `local-mcp engine` in a terminal may show why.");
    }

    /// <summary>What is resident; null when there is no keeper. One that makes way for a newer one counts as long as there is no newer one.</summary>
    public async Task<KeeperSays.Status?> StatusAsync(CancellationToken cancellationToken)
    {
        using var connection = await FindAsync(cancellationToken) ?? await KeeperConnection.OpenAsync(KeeperPlace.Find(environment), clock, cancellationToken, retiring: true);
        if (connection is null)
            return null;
        await connection.SendAsync(new Wish.Look(), cancellationToken);
        return await connection.NextAsync(cancellationToken) as KeeperSays.Status;
    }

    /// <summary>Whether an older keeper still finishes its answers, so that a new one has to wait.</summary>
    public bool IsOldOneRetiring => File.Exists(KeeperPlace.Find(environment).RetiringSocket);

    /// <summary>Ends keeper and engine, and returns the models that were in memory when both are gone; null when there was no keeper. One that does not answer is killed.</summary>
    public async Task<IReadOnlyList<string>?> StopAsync(CancellationToken cancellationToken)
    {
        var place = KeeperPlace.Find(environment);
        var old = await StopAsync(place, retiring: true, cancellationToken);
        var current = await StopAsync(place, retiring: false, cancellationToken);
        return old is null ? current : [.. old, .. current ?? []];
    }

    private async Task<IReadOnlyList<string>?> StopAsync(KeeperPlace place, bool retiring, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = await KeeperConnection.OpenAsync(place, clock, cancellationToken, retiring);
            if (connection is null)
                return null;
            await connection.SendAsync(new Wish.Stop(), cancellationToken);
            var status = await connection.NextAsync(cancellationToken) as KeeperSays.Status;
            await connection.UntilClosedAsync(cancellationToken);
            return [.. status?.Residents.Where(r => r.State != "loading").Select(r => r.Model) ?? []];
        }
        catch (BackendException failed) when (failed.Failure == BackendFailure.Unreachable)
        {
            // It takes connections and says nothing: it is stopped, or stuck.
            if (!await KeeperConnection.KillAsync(place, retiring, cancellationToken))
                throw;
            return [];
        }
    }

    // An older keeper finishes what it has begun, and makes way; a newer one is fine as long as it speaks our language.
    private async Task<bool> IsOursAsync(KeeperConnection connection, CancellationToken cancellationToken)
    {
        var greeting = connection.Greeting!;
        if (greeting.Protocol == KeeperWire.Protocol && !IsOlder(greeting.Version))
            return true;
        using (connection)
        {
            if (greeting.Protocol > KeeperWire.Protocol)
                throw new BackendException(BackendFailure.Refused, $"The engine is kept by LocalMcp {greeting.Version}, and this session still runs {ProgramVersion.Text}. Start a new session of Claude Code, or end the engine with `local-mcp stop`.");
            await connection.SendAsync(new Wish.Retire(), cancellationToken);
            await connection.UntilClosedAsync(cancellationToken);
            await Task.Delay(Pause, clock, cancellationToken);
            return false;
        }
    }

    private static bool IsOlder(string version) =>
        Version.TryParse(version.Split('-', '+')[0], out var theirs) && Version.TryParse(ProgramVersion.Text.Split('-', '+')[0], out var ours) && theirs < ours;
}
