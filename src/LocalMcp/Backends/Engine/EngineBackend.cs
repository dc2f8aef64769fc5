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

    public Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken)
    {
        if (EngineProgram.Find(environment, settings.Read()) is null)
            throw new BackendException(BackendFailure.Unreachable, EngineProgram.Missing(environment));
        var inMemory = resident is { HasExited: false } process ? process.Model : null;
        return Task.FromResult<IReadOnlyList<ModelFacts>>([.. models.All().Select(m => m.Facts with { Loaded = m.Facts.Name == inMemory })]);
    }

    public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EngineProcess process;
        if (!turn.Wait(0, cancellationToken))
        {
            yield return new ChatDelta.Progress("waiting for the engine");
            await turn.WaitAsync(cancellationToken);
        }
        try
        {
            if (resident is not { HasExited: false } || resident.Model != model.Name)
            {
                await EveryAnswerIsDone().WaitAsync(cancellationToken);
                await foreach (var step in ReplaceAsync(model, cancellationToken))
                    yield return step;
            }
            process = resident!;
            Begin();
        }
        finally
        {
            turn.Release();
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
        if (resident is not null)
            await resident.DisposeAsync();
        resident = null;
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
        return EngineProcess.Start(environment.RuntimeFolders, program, model.Name, file, Math.Min(settled.ContextLength, model.TrainedContext ?? int.MaxValue), settled.Limits, clock);
    }

    // A connection that breaks because the engine has died is told as what it is, with the engine's last words.
    private static async IAsyncEnumerable<ChatDelta> AnswerAsync(EngineProcess process, ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chat = new OpenAiChat(process.Server, ServerKind.LlamaServer);
        var answer = chat.StreamAsync("v1/chat/completions", model.Name, request, () => Task.FromResult(MissingModel.Error("The engine", model.Name, [process.Model])), cancellationToken);
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
