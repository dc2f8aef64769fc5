namespace LocalMcp.Machine;

/// <summary>What is known of this machine. What is not known is null.</summary>
/// <param name="TotalMemory">Bytes of memory that this process may use: the machine's, or its container's limit.</param>
/// <param name="AvailableMemory">Bytes of it that are free now, or can be freed without swapping.</param>
/// <param name="PhysicalCores">Cores, not threads, that this process may use; on Apple chips those of the fastest kind.</param>
internal sealed record MachineProfile(long? TotalMemory, long? AvailableMemory, int? PhysicalCores)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>The processor as the system names it: Apple M3 Max, AMD Ryzen 9 7950X 16-Core Processor. Boards without such a name say their own.</summary>
    public string? Chip { get; init; }

    /// <summary>Of the main memory. Known where the chip decides it (Apple's, AMD's Ryzen AI Max, NVIDIA's GB10); a PC's modules are root's to read.</summary>
    public Bandwidth? Bandwidth { get; init; }

    /// <summary>Whether GPU and CPU share the main memory as one, which is so on Apple's chips; elsewhere false.</summary>
    public bool IsUnifiedMemory { get; init; }

    /// <summary>
    /// Bytes of unified memory that macOS lets the GPU have. A soft limit: what a model needs beyond it runs slower or fails until the user raises the limit with
    /// sudo sysctl iogpu.wired_limit_mb=N, in MiB. Null elsewhere.
    /// </summary>
    public long? GpuWorkingSet { get; init; }

    /// <summary>Cards with memory of their own; none on Apple's chips.</summary>
    public IReadOnlyList<GraphicsCard> Cards { get; init; } = [];

    /// <summary>Bytes of swap. On macOS what there is of it now, for it grows.</summary>
    public long? SwapTotal { get; init; }

    /// <summary>Bytes of swap in use.</summary>
    public long? SwapUsed { get; init; }

    public MemoryPressure? Pressure { get; init; }

    /// <summary>Bytes that resident models are counted with. The system may take their mapped weights for free.</summary>
    public long TakenMemory { get; init; }

    /// <summary>
    /// Bytes that models may ever take, were nothing else running: all of them; of unified memory all but what macOS and everyday programs keep, a rule of thumb of
    /// people who raise the GPU's limit: 4 GB on machines up to 16 GB, 6 GB above (idle use of 4 GB in jundot/omlx issue 1533, "leaving 6 for macOS" in antirez/ds4
    /// issue 46, both 2026).
    /// </summary>
    public long? MostForModels => IsUnifiedMemory && TotalMemory is { } all ? Math.Max(0, all - (all <= 16 * Gibibyte ? 4_000_000_000 : 6_000_000_000)) : TotalMemory;

    /// <summary>
    /// Bytes that a model may take now: what is free, and never more than resident models leave of <see cref="MostForModels"/>. On unified memory that most counts even
    /// where less is free, for macOS makes room by compressing what idle programs hold; <see cref="AvailableMemory"/> says then how far that goes without. Where it is
    /// not known what is free, three quarters of the memory. Null when nothing is known.
    /// </summary>
    public long? MemoryForModels => (IsUnifiedMemory, AvailableMemory) switch
    {
        (true, _) => MostForModels - TakenMemory,
        (_, { } free) => Math.Min(free, (MostForModels ?? free) - TakenMemory),
        _ => (TotalMemory / 4 * 3) - TakenMemory,
    };

    /// <summary>Bytes that should stay free beside a model, for the system and everything else: a tenth of all.</summary>
    public long Headroom => (TotalMemory ?? 0) / 10;

    /// <summary>Physical cores less one, at least one: what is left answers the user, and a thread more than free cores makes the engine many times slower.</summary>
    public int EngineThreads => Math.Max(1, (PhysicalCores ?? Environment.ProcessorCount) - 1);

    /// <summary>The processor's name alone. An answer waits for it once, so no card is asked.</summary>
    public static string? ReadChip() => OperatingSystem.IsMacOS() ? MacMachine.Read().Chip : LinuxMachine.Here.ChipName;

    /// <summary>Reads it anew; free memory changes. It asks each of the system's programs once, and waits 3 s at most for one.</summary>
    public static MachineProfile Read()
    {
        var machine = OperatingSystem.IsMacOS() ? MacMachine.Read() : LinuxMachine.Here.Read(NvidiaCards.Read());
        return machine with
        {
            // The runtime knows the memory too, in ways of its own.
            TotalMemory = machine.TotalMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            PhysicalCores = machine.PhysicalCores is { } cores ? Math.Min(cores, Environment.ProcessorCount) : null,
        };
    }
}
