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

    // The GPU does not gain or lose cores.
    private static readonly Lazy<int?> GpuCores = new(() => CoresOfGpu(SystemProgram.Ask("/usr/sbin/ioreg", ["-r", "-c", "AGXAccelerator", "-d", "1"], Longest) ?? ""));

    public static MachineProfile Read()
    {
        var text = SystemProgram.Ask("/usr/sbin/sysctl", Question, Longest) ?? "";
        var machine = Of(text, null);
        return MemoryBandwidth.DependsOnGpuCores(machine.Chip) ? Of(text, GpuCores.Value) : machine;
    }

    /// <summary>What sysctl's lines say.</summary>
    public static MachineProfile Of(string sysctl, int? gpuCores)
    {
        var values = sysctl.Split('\n').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1].Trim());
        var total = Positive("hw.memsize");
        var cores = (int?)Positive("hw.physicalcpu");
        var isApple = Number("hw.optional.arm64") == 1;
        var chip = values.GetValueOrDefault("machdep.cpu.brand_string") is { Length: > 0 } name ? name : null;
        // On Apple chips level 0 is the fastest kind of core.
        return new MachineProfile(total, Available(), (int?)Positive("hw.perflevel0.physicalcpu") ?? cores)
        {
            Chip = chip,
            Bandwidth = isApple ? MemoryBandwidth.OfChip(chip, new ChipParts(cores, gpuCores, total)) : null,
            IsUnifiedMemory = isApple,
            GpuWorkingSet = isApple && total is { } all ? MetalMemory.WorkingSet(all, Number("iogpu.wired_limit_mb"), Version()) : null,
            SwapTotal = Swap("total"),
            SwapUsed = Swap("used"),
            Pressure = Number("kern.memorystatus_vm_pressure_level") is 1 or 2 or 4 ? new MemoryPressure((PressureLevel)Number("kern.memorystatus_vm_pressure_level")!, null) : null,
        };

        long? Number(string of) => long.TryParse(values.GetValueOrDefault(of), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        long? Positive(string of) => Number(of) is > 0 and var number ? number : null;

        int? Version() => int.TryParse(values.GetValueOrDefault("kern.osproductversion")?.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;

        // What Activity Monitor counts neither as app memory nor as wired nor as compressed: free pages, and its cached files, which are the file-backed pages
        // (the speculative ones are among them: vm_stat's file-backed and anonymous pages add up to its active, inactive and speculative ones) and the purgeable.
        // The inactive list is no measure: it holds pages of programs too, which would have to be compressed or swapped.
        long? Available() =>
            (Number("vm.page_free_count") + Number("vm.page_pageable_external_count") + (Number("vm.page_purgeable_count") ?? 0)) * Number("vm.pagesize") is { } free ? Math.Min(free, total ?? free) : null;

        long? Swap(string part) => SwapPart(values.GetValueOrDefault("vm.swapusage") ?? "", part);
    }

    /// <summary>The cores that ioreg gives the GPU.</summary>
    public static int? CoresOfGpu(string ioreg)
    {
        const string Name = "\"gpu-core-count\" = ";
        var line = ioreg.Split('\n').FirstOrDefault(line => line.Contains(Name, StringComparison.Ordinal));
        return line is not null && int.TryParse(line[(line.IndexOf(Name, StringComparison.Ordinal) + Name.Length)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var cores) && cores > 0 ? cores : null;
    }

    // total = 2048.00M  used = 1017.50M  free = 1030.50M  (encrypted)
    private static long? SwapPart(string usage, string part)
    {
        var words = usage.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var place = Array.IndexOf(words, part);
        if (place < 0 || place + 2 >= words.Length || words[place + 2] is not { Length: > 1 } size)
            return null;
        var unit = size[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 0 };
        return unit > 0 && double.TryParse(size[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (long)(number * unit) : null;
    }
}
