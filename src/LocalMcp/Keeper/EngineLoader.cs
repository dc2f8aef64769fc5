using System.Text.Json;
using LocalMcp.Backends;
using LocalMcp.Machine;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>Brings a model into memory: finds the program, asks what it can do, decides the flags, starts it, and waits until it is ready.</summary>
internal sealed class EngineLoader(UserEnvironment environment, KeeperPlace place, Func<MachineProfile> machine, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim asking = new(1, 1);
    private EngineAbilities? known;

    /// <summary>The settings that decide how an engine is started, as one text to compare.</summary>
    public static string Basis(Settings settings) => $"{settings.ContextLength} {JsonSerializer.Serialize(settings.Engine, SettingsJson.Default.EngineSettings)}";

    /// <summary>
    /// Whether a resident engine is still what this turn wants: its program or the model's file may have been replaced on the disk meanwhile, another
    /// program be set, or its settings have changed.
    /// </summary>
    public bool IsCurrent(Resident resident, Turn turn) =>
        resident.Process is { } process
        && resident.Model.Changed == turn.Model.Changed
        && resident.Basis == Basis(turn.Settings)
        && HasContext(resident, turn.Model)
        && (Found(turn.Settings) is not { } program || (program == process.Plan.Engine.Program && EngineAbilities.FileOf(program) == process.Plan.Engine.File));

    // What was loaded for that much is as good as it gets.
    private static bool HasContext(Resident resident, WantedModel model) =>
        model.LeastContext is not { } least || resident.Model.LeastContext >= least || resident.Context >= EnginePlan.ContextFor(model, least);

    /// <summary>Why this model cannot be loaded even if nothing else were in memory; null where that is not certain.</summary>
    public BackendException? Objection(Turn turn)
    {
        try
        {
            var empty = machine();
            if (Found(turn.Settings) is not null && known is { } engine)
                EnginePlan.Of(engine, turn.Model, turn.Settings.Engine, turn.Settings.ContextLength, empty with { AvailableMemory = empty.TotalMemory });
            return null;
        }
        catch (BackendException objection)
        {
            return objection;
        }
    }

    /// <summary>Asks the program what it can do before anybody waits for that. What goes wrong goes wrong again, and is told, when it is needed.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (EngineProgram.Find(environment, new SettingsFile(environment).Read()) is { } program)
                await AbilitiesAsync(program, cancellationToken);
        }
        catch (Exception later) when (later is LocalMcpException or OperationCanceledException or IOException)
        {
            // It is asked again.
        }
    }

    /// <summary>Loads. On any failure nothing of it stays.</summary>
    /// <exception cref="BackendException">There is no engine, the model does not fit, or the engine could not load it.</exception>
    /// <param name="taken">Bytes that the models beside it are counted with.</param>
    public async Task LoadAsync(Resident resident, Settings settings, long taken, CancellationToken cancellationToken)
    {
        var program = EngineProgram.Find(environment, settings) ?? throw new BackendException(BackendFailure.Unreachable, EngineProgram.Missing(environment));
        var engine = await AbilitiesAsync(program, cancellationToken);
        var beside = machine() with { TakenMemory = taken };
        var plan = EnginePlan.Of(engine, resident.Model, settings.Engine, settings.ContextLength, beside);
        if (await TryAsync(resident, plan, settings, cancellationToken))
            return;
        // The flags of the KV cache are our choice, so a model that cannot take them must not suffer for it.
        await TryAsync(resident, EnginePlan.Of(engine, resident.Model, settings.Engine, settings.ContextLength, beside, plainCache: true), settings, cancellationToken);
    }

    public void Dispose() => asking.Dispose();

    // False when it should be tried with a plain cache.
    private async Task<bool> TryAsync(Resident resident, EnginePlan plan, Settings settings, CancellationToken cancellationToken)
    {
        var process = EngineProcess.Start(place, plan, settings.Limits, clock);
        resident.Process = process;
        var ready = false;
        try
        {
            return ready = await WaitAsync(resident, process, settings, cancellationToken);
        }
        finally
        {
            if (!ready)
                await process.DisposeAsync();
        }
    }

    private async Task<bool> WaitAsync(Resident resident, EngineProcess process, Settings settings, CancellationToken cancellationToken)
    {
        var (started, name, poll) = (clock.GetTimestamp(), resident.Model.Name, FirstPoll);
        while (true)
        {
            var exited = process.HasExited;
            var health = await LookAsync(process, cancellationToken);
            resident.Percent = health.Percent ?? resident.Percent;
            if (health.Ready)
            {
                resident.Served = health.Served!;
                return true;
            }
            if (exited)
            {
                await process.ExitAsync();
                if (process.Plan.IsQuantized && settings.Engine.KvCache.Length == 0 && RefusesTheCache(process))
                    return false;
                throw new BackendException(BackendFailure.Refused, $"The engine ({process.Plan.Engine.Label}) could not load {name}: {process.LastWords}. Check that the file is a whole GGUF model and that it fits into memory, or choose another model with set_model.");
            }
            if (clock.GetElapsedTime(started) >= settings.Limits.Load)
                throw new BackendException(BackendFailure.Loading, $"The engine had not loaded {name} after {settings.Limits.LoadMinutes} min. Choose a smaller model with set_model, or raise limits.load_minutes in settings.json.");
            await Task.Delay(poll, clock, cancellationToken);
            poll = poll * 2 < LongestPoll ? poll * 2 : LongestPoll;
        }
    }

    // One that takes the question and does not answer is not ready, however long it takes.
    private async Task<EngineHealth> LookAsync(EngineProcess process, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestLook, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await process.LookAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EngineHealth(false, null, null);
        }
    }

    // llama.cpp: "V cache quantization requires flash_attn", "K cache type q8_0 with block size 32 does not divide n_embd_head_k".
    private static bool RefusesTheCache(EngineProcess process) =>
        process.HasSaid("cache type") || process.HasSaid("cache quantization") || process.HasSaid("quantized V cache") || process.HasSaid("flash_attn") || process.HasSaid("Flash Attention");

    private async Task<EngineAbilities> AbilitiesAsync(string program, CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (known is not { } same || same.Program != program || same.File != EngineAbilities.FileOf(program))
                known = await EngineAbilities.AskAsync(program, clock, cancellationToken);
            return known;
        }
        finally
        {
            asking.Release();
        }
    }

    private string? Found(Settings settings)
    {
        try
        {
            return EngineProgram.Find(environment, settings);
        }
        catch (BackendException)
        {
            return null;
        }
    }
}
