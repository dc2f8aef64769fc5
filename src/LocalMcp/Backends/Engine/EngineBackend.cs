using System.Runtime.CompilerServices;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Backends.Engine;

/// <summary>
/// The embedded engine: llama.cpp in a llama-server of this session. One model is resident; a request for another one waits until the
/// running answers are done, in the order of arrival.
/// </summary>
internal sealed class EngineBackend(UserEnvironment environment, SettingsFile settings, EngineModels models, TimeProvider clock) : IBackend, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Lock counting = new();
    private EngineProcess? resident;
    private int running;
    private TaskCompletionSource? allDone;

    public string Name => EngineModels.BackendName;

    public string Where => EngineProgram.Find(environment, settings.Read()) ?? "llama-server";

    public async Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken)
    {
        if (EngineProgram.Find(environment, settings.Read()) is null)
            throw new BackendException(BackendFailure.Unreachable, EngineProgram.Missing(environment));
        // A folder can lie on a disk that does not answer: that must hold up neither the caller nor its cancellation.
        var all = await Task.Run(models.All, cancellationToken).WaitAsync(cancellationToken);
        var inMemory = resident is { HasExited: false } process ? process.Model : null;
        return [.. all.Select(m => m.Facts with { Loaded = m.Facts.Name == inMemory, ContextLength = Context(m.Facts) })];
    }

    public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EngineProcess process;
        var entered = turn.WaitAsync(cancellationToken);
        try
        {
            await foreach (var step in WaitAsync(entered, "waiting for the engine, which is busy with another model"))
                yield return step;
            if (resident is not { HasExited: false } || resident.Model != model.Name)
            {
                await foreach (var step in WaitAsync(EveryAnswerIsDone().WaitAsync(cancellationToken), $"waiting until {resident?.Model} has finished its answers"))
                    yield return step;
                await foreach (var step in ReplaceAsync(model, cancellationToken))
                    yield return step;
            }
            process = resident!;
            Begin();
        }
        finally
        {
            _ = LeaveAsync(entered);
        }
        try
        {
            await foreach (var delta in AnswerAsync(process, model, request, cancellationToken))
                yield return delta;
        }
        finally
        {
            End();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (resident is not null)
            await resident.DisposeAsync();
        turn.Dispose();
    }

    private async IAsyncEnumerable<ChatDelta> ReplaceAsync(ModelFacts model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (resident is { } old)
        {
            // The old weights leave the memory before the new ones come.
            resident = null;
            await old.EndAsync();
            await old.DisposeAsync();
        }
        var process = Start(model);
        try
        {
            await foreach (var step in process.LoadAsync(cancellationToken))
                yield return step;
            resident = process;
        }
        finally
        {
            if (resident is null)
                await process.DisposeAsync();
        }
    }

    private EngineProcess Start(ModelFacts model)
    {
        var settled = settings.Read();
        var program = EngineProgram.Find(environment, settled) ?? throw new BackendException(BackendFailure.Unreachable, EngineProgram.Missing(environment));
        var all = models.All();
        var file = all.FirstOrDefault(m => m.Facts.Name == model.Name).Path ?? throw MissingModel.Error("The engine", model.Name, all.Select(m => m.Facts.Name));
        return EngineProcess.Start(environment.RuntimeFolders, program, model.Name, file, Context(model), settled.Limits, clock);
    }

    // What the engine is started with, in tokens.
    private int Context(ModelFacts model) => Math.Min(settings.Read().ContextLength, model.TrainedContext ?? int.MaxValue);

    // Signs of life, one a second, while something else has to be over first. A cancelled wait is over, too.
    private async IAsyncEnumerable<ChatDelta> WaitAsync(Task over, string state)
    {
        while (!over.IsCompleted)
        {
            yield return new ChatDelta.Progress(state);
            await Task.WhenAny(over, Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None));
        }
        await over;
    }

    // Gives the turn back, also one that is won only after its caller has gone.
    private async Task LeaveAsync(Task entered)
    {
        try
        {
            await entered;
            turn.Release();
        }
        catch (OperationCanceledException)
        {
            // It was never won.
        }
    }

    // A connection that breaks because the engine has died is told as what it is, with the engine's last words.
    private static async IAsyncEnumerable<ChatDelta> AnswerAsync(EngineProcess process, ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chat = new OpenAiChat(process.Server, ServerKind.LlamaServer);
        var answer = chat.StreamAsync("v1/chat/completions", model.Name, request, () => Task.FromResult<BackendException?>(null), cancellationToken);
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
                if (await process.ObituaryAsync() is { } obituary)
                    throw new BackendException(BackendFailure.Dropped, $"The engine (llama-server) ended in the middle of the call: {obituary}. Ask again, the next call starts a fresh one; if it happens again, the model may not fit into memory.", broken);
                throw;
            }
        }
    }

    private void Begin()
    {
        lock (counting)
            running++;
    }

    private void End()
    {
        lock (counting)
        {
            if (--running == 0)
                allDone?.TrySetResult();
        }
    }

    private Task EveryAnswerIsDone()
    {
        lock (counting)
        {
            if (running == 0)
                return Task.CompletedTask;
            allDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return allDone.Task;
        }
    }
}
