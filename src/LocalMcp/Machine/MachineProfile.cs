namespace LocalMcp.Machine;

/// <summary>What is known of this machine. What is not known is null.</summary>
/// <param name="TotalMemory">Bytes of memory that this process may use: the machine's, or its container's limit.</param>
/// <param name="AvailableMemory">Bytes of it that are free now, or can be freed without swapping.</param>
/// <param name="PhysicalCores">Cores, not threads; on Apple chips those of the fastest kind.</param>
internal sealed record MachineProfile(long? TotalMemory, long? AvailableMemory, int? PhysicalCores)
{
    /// <summary>
    /// Bytes that a model may take now: what is free, else three quarters of all, which is about what macOS lets the GPU have of unified memory
    /// (Metal's recommendedMaxWorkingSetSize). Null when neither is known.
    /// </summary>
    public long? MemoryForModels => AvailableMemory ?? TotalMemory / 4 * 3;

    /// <summary>Physical cores less one, within what this process may use; at least one.</summary>
    public int EngineThreads => Math.Max(1, Math.Min(PhysicalCores ?? Environment.ProcessorCount, Environment.ProcessorCount) - 1);

    /// <summary>Reads it anew; free memory changes.</summary>
    public static MachineProfile Read()
    {
        // The runtime knows the limit of a container, where there is one.
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return OperatingSystem.IsMacOS()
            ? new MachineProfile(total, null, MacMachine.PhysicalCores())
            : new MachineProfile(total, LinuxMachine.AvailableMemory(), LinuxMachine.PhysicalCores());
    }
}
