namespace LocalMcp.Machine;

/// <summary>What is known of this machine. What is not known is null.</summary>
/// <param name="TotalMemory">Bytes of memory that this process may use: the machine's, or its container's limit.</param>
/// <param name="AvailableMemory">Bytes of it that are free now, or can be freed without swapping.</param>
/// <param name="PhysicalCores">Cores, not threads, that this process may use; on Apple chips those of the fastest kind.</param>
internal sealed record MachineProfile(long? TotalMemory, long? AvailableMemory, int? PhysicalCores)
{
    /// <summary>Bytes that resident models are counted with. The system may take their mapped weights for free.</summary>
    public long TakenMemory { get; init; }

    /// <summary>
    /// Bytes that a model may take now: what is free, else three quarters of all, which is about what macOS lets the GPU have of unified memory
    /// (Metal's recommendedMaxWorkingSetSize); and never more than resident models leave of it. Null when nothing is known.
    /// </summary>
    public long? MemoryForModels => AvailableMemory is { } free ? Math.Min(free, (TotalMemory ?? free) - TakenMemory) : (TotalMemory / 4 * 3) - TakenMemory;

    /// <summary>Bytes that should stay free beside a model, for the system and everything else: a tenth of all.</summary>
    public long Headroom => (TotalMemory ?? 0) / 10;

    public bool IsUnifiedMemory { get; init; }

    public long? GpuWorkingSet { get; init; }

    public IReadOnlyList<GraphicsCard> Cards { get; init; } = [];

    /// <summary>Physical cores less one, at least one: what is left answers the user, and a thread more than free cores makes the engine many times slower.</summary>
    public int EngineThreads => Math.Max(1, (PhysicalCores ?? Environment.ProcessorCount) - 1);

    /// <summary>Reads it anew; free memory changes.</summary>
    public static MachineProfile Read()
    {
        // The runtime knows the limit of a container, where there is one.
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var cores = OperatingSystem.IsMacOS() ? MacMachine.PhysicalCores() : LinuxMachine.PhysicalCores();
        return new MachineProfile(total, OperatingSystem.IsMacOS() ? null : LinuxMachine.AvailableMemory(), cores is { } physical ? Math.Min(physical, Environment.ProcessorCount) : null);
    }
}

internal sealed record GraphicsCard(string Name, long? TotalMemory, long? FreeMemory);
