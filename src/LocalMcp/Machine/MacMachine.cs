using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>macOS, by its program sysctl, once for everything. Whatever it does not say is null.</summary>
internal static class MacMachine
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // -i: a name that this Mac does not have is no error.
    private static readonly string[] Question =
    [
        "-i", "machdep.cpu.brand_string", "hw.optional.arm64", "hw.memsize", "hw.physicalcpu", "hw.perflevel0.physicalcpu", "kern.osproductversion", "iogpu.wired_limit_mb",
        "vm.pagesize", "vm.page_free_count", "vm.page_pageable_external_count", "vm.page_purgeable_count", "vm.swapusage", "kern.memorystatus_vm_pressure_level",
    ];

    // The GPU neither gains nor loses cores.
    private static readonly Lazy<int?> GpuCores = new(() => CoresOfGpu(SystemProgram.Ask("/usr/sbin/ioreg", ["-r", "-c", "AGXAccelerator", "-d", "1"], Longest) ?? ""));

    public static MachineProfile Read()
    {
        var text = SystemProgram.Ask("/usr/sbin/sysctl", Question, Longest) ?? "";
        var machine = Of(text, null);
        return MemoryBandwidth.DependsOnGpuCores(machine.Chip) ? Of(text, GpuCores.Value) : machine;
    }

    /// <summary>What sysctl's lines say.</summary>
    public static MachineProfile Of(string text, int? gpuCores)
    {
        var system = new Sysctl(text);
        var (total, cores) = (system.Positive("hw.memsize"), (int?)system.Positive("hw.physicalcpu"));
        // On Apple chips level 0 is the fastest kind of core.
        var machine = new MachineProfile(total, Available(system, total), (int?)system.Positive("hw.perflevel0.physicalcpu") ?? cores)
        {
            Chip = system.Text("machdep.cpu.brand_string"),
            SwapTotal = system.Size("vm.swapusage", "total"),
            SwapUsed = system.Size("vm.swapusage", "used"),
            Pressure = system.Number("kern.memorystatus_vm_pressure_level") is (1 or 2 or 4) and var level ? new MemoryPressure((PressureLevel)level, null) : null,
        };
        return system.Number("hw.optional.arm64") != 1 ? machine : machine with
        {
            IsUnifiedMemory = true,
            Bandwidth = MemoryBandwidth.OfChip(machine.Chip, new ChipParts(cores, gpuCores, total)),
            GpuWorkingSet = total is { } all ? MetalMemory.WorkingSet(all, system.Number("iogpu.wired_limit_mb"), system.Major("kern.osproductversion")) : null,
        };
    }

    /// <summary>The cores that ioreg gives the GPU.</summary>
    public static int? CoresOfGpu(string ioreg)
    {
        const string Name = "\"gpu-core-count\" = ";
        var line = ioreg.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return int.TryParse(line?[Name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var cores) && cores > 0 ? cores : null;
    }

    // What Activity Monitor counts neither as app memory nor as wired nor as compressed: free pages, and its cached files, which are the file-backed pages and the
    // purgeable ones. The speculative pages are among the file-backed: vm_stat's file-backed and anonymous pages add up to its active, inactive and speculative
    // ones. The inactive list is no measure: it holds pages of programs too, which would have to be compressed or swapped.
    private static long? Available(Sysctl system, long? total)
    {
        var pages = system.Number("vm.page_free_count") + system.Number("vm.page_pageable_external_count") + (system.Number("vm.page_purgeable_count") ?? 0);
        return pages * system.Positive("vm.pagesize") is { } free ? Math.Min(free, total ?? free) : null;
    }
}
