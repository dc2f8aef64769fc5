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

    private readonly SemaphoreSlim asking = new(1, 1);
    private EngineAbilities? known;
    private (string Program, long Length, DateTime Changed) knownOf;

    /// <summary>The settings that decide how an engine is started, as one text to compare.</summary>
    public static string Basis(Settings settings) => $"{settings.ContextLength} {JsonSerializer.Serialize(settings.Engine, SettingsJson.Default.EngineSettings)}";

    /// <summary>
    /// Whether a resident engine is still what would be started now: its program may have been updated on the disk meanwhile, another one be set, or its
    /// settings have changed.
    /// </summary>
    public bool IsCurrent(Resident resident, Settings settings) =>
        resident.Process is { } process
        && resident.Basis == Basis(settings)
        && (Found(settings) is not { } program || (program == process.Plan.Engine.Program && Identity(program) == knownOf));

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
    public async Task LoadAsync(Resident resident, Settings settings, CancellationToken cancellationToken)
    {
        var program = EngineProgram.Find(environment, settings) ?? throw new BackendException(BackendFailure.Unreachable, EngineProgram.Missing(environment));
        var engine = await AbilitiesAsync(program, cancellationToken);
        var plan = EnginePlan.Of(engine, resident.Model, settings.Engine, settings.ContextLength, machine());
        if (await TryAsync(resident, plan, settings, cancellationToken))
            return;
        // The flags of the KV cache are our choice, so a model that cannot take them must not suffer for it.
        await TryAsync(resident, EnginePlan.Of(engine, resident.Model, settings.Engine, settings.ContextLength, machine(), plainCache: true), settings, cancellationToken);
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
            var health = await process.LookAsync(cancellationToken);
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

    // llama.cpp: "V cache quantization requires flash_attn", "K cache type q8_0 with block size 32 does not divide n_embd_head_k".
    private static bool RefusesTheCache(EngineProcess process) =>
        process.HasSaid("cache type") || process.HasSaid("cache quantization") || process.HasSaid("quantized V cache") || process.HasSaid("flash_attn") || process.HasSaid("Flash Attention");

    private async Task<EngineAbilities> AbilitiesAsync(string program, CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            var identity = Identity(program);
            if (known is null || identity != knownOf)
            {
                known = await EngineAbilities.AskAsync(program, clock, cancellationToken);
                knownOf = identity;
            }
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

    // A link of a package manager stays, and what it leads to changes.
    private static (string Program, long Length, DateTime Changed) Identity(string program)
    {
        var file = new FileInfo(program);
        var real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return real.Exists ? (program, real.Length, real.LastWriteTimeUtc) : (program, 0, default);
    }
}
