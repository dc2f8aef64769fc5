using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>Linux: /proc and /sys, below a root. Whatever cannot be read is null.</summary>
internal sealed class LinuxMachine(string root)
{
    private readonly SystemTree tree = new(root);

    // They stay for the life of the process.
    private readonly Lazy<string?> chipName = new(() => Chip(new SystemTree(root)));
    private readonly Lazy<int?> cores = new(() => PhysicalCores(new SystemTree(root)));

    public static LinuxMachine Here { get; } = new("/");

    /// <summary>The processor's own name; on boards without one, the board's.</summary>
    public string? ChipName => chipName.Value;

    /// <summary>All that the tree says.</summary>
    /// <param name="nvidia">The cards that the tree does not know of.</param>
    public MachineProfile Read(IReadOnlyList<GraphicsCard> nvidia)
    {
        var groups = Groups();
        var total = groups.Select(group => group.Limit).Append(Kilobytes("MemTotal:")).Min();
        var available = groups.Select(group => group.Left).Append(Kilobytes("MemAvailable:")).Min();
        var swap = Kilobytes("SwapTotal:");
        return new MachineProfile(total, available is { } free ? Math.Min(free, total ?? free) : null, cores.Value)
        {
            Chip = ChipName,
            // GB10's GPU works in the main memory.
            Bandwidth = MemoryBandwidth.OfChip(ChipName, new ChipParts(null, null, null)) ?? nvidia.FirstOrDefault(card => card.Name == "NVIDIA GB10")?.Bandwidth,
            Cards = [.. nvidia, .. AmdCards.Read(tree)],
            SwapTotal = swap,
            SwapUsed = swap - Kilobytes("SwapFree:"),
            Pressure = Stalled() is { } percent ? new MemoryPressure(null, percent) : null,
        };
    }

    // Its kB are 1,024 bytes: proc(5).
    private long? Kilobytes(string name) => tree.Number("/proc/meminfo", name) * 1024;

    private static string? Chip(SystemTree tree)
    {
        var lines = tree.Lines("/proc/cpuinfo");
        var name = Field("model name") ?? Field("Hardware") ?? tree.Text("/proc/device-tree/model");
        return name is null ? null : string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        string? Field(string field) => lines.Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(pair => pair.Length == 2 && pair[0] == field && pair[1].Length > 0)?[1];
    }

    // Different pairs of package and core.
    private static int? PhysicalCores(SystemTree tree)
    {
        var cores = new HashSet<string>();
        for (var cpu = 0; tree.Has($"/sys/devices/system/cpu/cpu{cpu}"); cpu++)
        {
            var topology = $"/sys/devices/system/cpu/cpu{cpu}/topology";
            if (tree.Text($"{topology}/core_id") is { } core)
                cores.Add($"{tree.Text($"{topology}/physical_package_id")}/{core}");
        }
        return cores.Count > 0 ? cores.Count : null;
    }

    // some avg10=0.12 avg60=0.05 avg300=0.01 total=5443154
    private double? Stalled() =>
        tree.Lines("/proc/pressure/memory").FirstOrDefault(line => line.StartsWith("some ", StringComparison.Ordinal))?.Split(' ').FirstOrDefault(word => word.StartsWith("avg10=", StringComparison.Ordinal)) is { } word
        && double.TryParse(word["avg10=".Length..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? percent : null;

    /// <summary>
    /// What the control groups of this process, and all above them, each of which may have a limit, allow and leave. Left is the limit less what is used, the
    /// pages of files not counted, for they can be dropped. Limits on swap do not matter: a model must not be in it.
    /// </summary>
    private List<(long? Limit, long? Left)> Groups()
    {
        var groups = new List<(long? Limit, long? Left)>();
        foreach (var parts in tree.Lines("/proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var isFirst = parts[1].Split(',').Contains("memory");
            if (!isFirst && parts[0] != "0")
                continue;
            for (var group = parts[2]; !string.IsNullOrEmpty(group); group = Path.GetDirectoryName(group))
                groups.Add(isFirst ? FirstVersion($"/sys/fs/cgroup/memory{group}") : SecondVersion($"/sys/fs/cgroup{group}"));
        }
        return groups;
    }

    private (long? Limit, long? Left) FirstVersion(string group) => Group(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ", "total_active_file ");

    private (long? Limit, long? Left) SecondVersion(string group) => Group(group, "memory.max", "memory.current", "inactive_file ", "active_file ");

    private (long? Limit, long? Left) Group(string group, string most, string used, string inactive, string active)
    {
        if (tree.Number($"{group}/{most}") is not { } limit)
            return (null, null);
        var pages = (tree.Number($"{group}/memory.stat", inactive) ?? 0) + (tree.Number($"{group}/memory.stat", active) ?? 0);
        return (limit, tree.Number($"{group}/{used}") is { } now ? Math.Max(0, limit - Math.Max(0, now - pages)) : null);
    }
}
