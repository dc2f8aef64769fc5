using System.Runtime.CompilerServices;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Chat;
using LocalMcp.Keeper;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Backends.Engine;

/// <summary>
/// The embedded engine: llama.cpp in a process that all sessions of the user share. The keeper gives a call its turn, and then the call talks to the
/// engine itself, over the engine's socket.
/// </summary>
internal sealed class EngineBackend(UserEnvironment environment, SettingsFile settings, EngineModels models, ActiveModel active, KeeperLink keeper, TimeProvider clock) : IBackend, IAsyncDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan LongestObituary = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    // While a call waits, the keeper says how it stands about once a second.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly Lock guarding = new();
    private (KeeperConnection Connection, Task Closed)? lease;
    private (string Socket, ServerConnection Server, OpenAiChat Chat)? engine;

    public string Name => EngineModels.BackendName;

    public string Where => EngineProgram.Find(environment, settings.Read()) ?? "llama-server";

    public string MoreContext(int tokens) => $"raise context_length in settings.json to {tokens}";

    public async Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken)
    {
        if (EngineProgram.Find(environment, settings.Read()) is null)
            throw new BackendException(BackendFailure.Unreachable, EngineProgram.Missing(environment));
        // A folder can lie on a disk that does not answer: that must hold up neither the caller nor its cancellation.
        var all = await Task.Run(models.All, cancellationToken).WaitAsync(cancellationToken);
        var resident = await ResidentsAsync(cancellationToken);
        return [.. all.Select(m => Served(m.Facts, resident.FirstOrDefault(r => r.File == m.Path)))];
    }

    public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = await Task.Run(() => Wanted(model.Name), cancellationToken).WaitAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var opening = OpenAsync(cancellationToken);
            await foreach (var step in WaitAsync(opening, () => keeper.IsOldOneRetiring ? "waiting until the engine's keeper of an older version has finished its answers" : "starting the engine's keeper"))
                yield return step;
            using var turn = await opening;
            KeeperSays.Ready? ready = null;
            await foreach (var says in QueueAsync(turn, wanted, cancellationToken))
            {
                if (says is KeeperSays.Ready granted)
                    ready = granted;
                else if (Words(says) is { } words)
                    yield return new ChatDelta.Progress(words);
            }
            if (ready is null && attempt < Tries)
                continue;
            var chat = Chat(ready ?? throw new BackendException(BackendFailure.Dropped, "The engine's keeper was ended several times before this call had its turn. Ask again; `local-mcp ps` shows what runs."));
            foreach (var warning in ready.Warnings)
                yield return new ChatDelta.Progress(warning);
            await using var answer = AnswerAsync(chat, turn, model with { ContextLength = ready.Context ?? model.ContextLength }, request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            // An engine that had died just before, unseen by the keeper, has not even begun: then it is as if there had been no turn.
            var begun = await BeginAsync(answer, mayFail: attempt < Tries);
            if (begun is null)
                continue;
            for (var more = begun.Value; more; more = await answer.MoveNextAsync())
                yield return answer.Current;
            yield break;
        }
    }

    private static async Task<bool?> BeginAsync(IAsyncEnumerator<ChatDelta> answer, bool mayFail)
    {
        try
        {
            return await answer.MoveNextAsync();
        }
        catch (BackendException lost) when (mayFail && lost.Failure is BackendFailure.Unreachable or BackendFailure.Dropped)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        lease?.Connection.Dispose();
        engine?.Server.Dispose();
        return ValueTask.CompletedTask;
    }

    // The file as it is now: since the model was listed it may have gone, or been damaged.
    private WantedModel Wanted(string name) => models.Find(name) switch
    {
        null => throw MissingModel.Error("The engine", name, models.All().Select(m => m.Facts.Name)),
        ({ Broken: { } reason }, var file) => throw new BackendException(BackendFailure.Refused, $"{name} is broken: {reason}. Download {file} again, or remove it."),
        var (facts, file) => WantedModel.Of(facts, file) with { Forced = active.IsForced(facts.Id) },
    };

    // The context that a model is served with is known when it is resident; else it is what it will be started with, if there is memory for it.
    private ModelFacts Served(ModelFacts facts, ResidentStatus? resident) => facts with
    {
        Loaded = resident is { State: "ready" },
        ResidentBytes = resident?.MemoryBytes,
        ContextLength = resident?.Context ?? Math.Min(settings.Read().ContextLength, facts.TrainedContext ?? int.MaxValue),
    };

    private async Task<IReadOnlyList<ResidentStatus>> ResidentsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await WithinAsync(keeper.StatusAsync, LongestLook, cancellationToken)).Answer?.Residents ?? [];
        }
        catch (BackendException)
        {
            // The files are there all the same; the next call says what is wrong with the keeper.
            return [];
        }
    }

    // The connection for a turn; and, once in the life of this session, one that keeps the engine.
    private async Task<KeeperConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var turn = await keeper.OpenAsync(cancellationToken);
        try
        {
            lock (guarding)
            {
                if (lease is { Closed.IsCompleted: false })
                    return turn;
                lease?.Connection.Dispose();
                lease = null;
            }
            if (await keeper.FindAsync(cancellationToken) is { } holding)
            {
                await holding.SendAsync(new Wish.Lease(), cancellationToken);
                Keep(holding);
            }
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    // Of several calls that came here at once, one lease is enough.
    private void Keep(KeeperConnection holding)
    {
        lock (guarding)
        {
            if (lease is { Closed.IsCompleted: false })
                holding.Dispose();
            else
                lease = (holding, holding.UntilClosedAsync(CancellationToken.None));
        }
    }

    // What the keeper says until the turn has come; nothing more when the keeper has gone meanwhile.
    private async IAsyncEnumerable<KeeperSays> QueueAsync(KeeperConnection turn, WantedModel model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await turn.SendAsync(new Wish.Run(model), cancellationToken);
        while (true)
        {
            var (says, silent) = await WithinAsync(turn.NextAsync, LongestSilence, cancellationToken);
            if (silent)
                throw new BackendException(BackendFailure.Unreachable, $"The engine's keeper (process {turn.Greeting?.ProcessId}) has said nothing for {LongestSilence.TotalSeconds:0} s. `local-mcp stop` ends it; the next call starts a fresh one.");
            if (says is KeeperSays.Failed failed)
                throw new BackendException(failed.Failure, failed.Message);
            if (says is null)
                yield break;
            yield return says;
            if (says is KeeperSays.Ready)
                yield break;
        }
    }

    private async Task<(T? Answer, bool Silent)> WithinAsync<T>(Func<CancellationToken, Task<T?>> question, TimeSpan longest, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return (await question(either.Token), false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, true);
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

    // One connection pool for each engine, and what it has counted: it is the same engine from call to call, and another socket when it is another one.
    private OpenAiChat Chat(KeeperSays.Ready ready)
    {
        lock (guarding)
        {
            if (engine is { } same && same.Socket == ready.Socket)
                return same.Chat;
            // Calls that still use the old one keep it; its engine has ended, or will.
            var server = new ServerConnection($"The engine ({ready.Engine})", new Uri("http://engine/"), "The next call starts it again", "", settings.Read().Limits, clock, ready.Socket);
            var chat = new OpenAiChat(server, ServerKind.LlamaServer, root: "");
            engine = (ready.Socket, server, chat);
            return chat;
        }
    }

    // Signs of life, one a second, while something else has to be over first. A cancelled wait is over, too.
    private async IAsyncEnumerable<ChatDelta> WaitAsync(Task over, Func<string> state)
    {
        var pause = TimeSpan.FromSeconds(0.3);
        while (!over.IsCompleted && await Task.WhenAny(over, Task.Delay(pause, clock, CancellationToken.None)) != over)
        {
            pause = TimeSpan.FromSeconds(1);
            yield return new ChatDelta.Progress(state());
        }
    }

    // A connection that breaks because the engine has ended is told as what it is, with the engine's last words.
    private async IAsyncEnumerable<ChatDelta> AnswerAsync(OpenAiChat chat, KeeperConnection turn, ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = chat.StreamAsync("v1/chat/completions", model, request, () => Task.FromResult<BackendException?>(null), cancellationToken);
        await using var deltas = answer.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
            yield return deltas.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await deltas.MoveNextAsync();
            }
            catch (BackendException broken) when (broken.Failure is BackendFailure.Dropped or BackendFailure.Unreachable)
            {
                throw await ObituaryAsync(turn, cancellationToken) is { } words ? new BackendException(BackendFailure.Dropped, words, broken) : broken;
            }
        }
    }

    // Why the engine ended, as the keeper says it, a moment after; null when it lives.
    private async Task<string?> ObituaryAsync(KeeperConnection turn, CancellationToken cancellationToken)
    {
        var (says, silent) = await WithinAsync(turn.NextAsync, LongestObituary, cancellationToken);
        return says switch
        {
            KeeperSays.Ended ended => ended.Message,
            null when !silent => "The engine ended in the middle of the call, because its keeper was ended. Ask again, the next call starts both.",
            _ => null,
        };
    }
}
