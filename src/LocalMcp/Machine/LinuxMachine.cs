using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>Linux: /proc and /sys. Whatever cannot be read is null.</summary>
internal static class LinuxMachine
{
    /// <summary>
    /// MemAvailable of /proc/meminfo (proc(5)), within what the control groups leave: their limit less what is used, the pages of files not counted, for they
    /// can be dropped. Version 2: memory.max, memory.current, memory.stat; version 1: memory.limit_in_bytes, memory.usage_in_bytes, memory.stat.
    /// </summary>
    public static long? AvailableMemory()
    {
        var machine = Value(Lines("/proc/meminfo"), "MemAvailable:") * 1024;
        return Groups().Select(group => group.IsFirst
            ? Left(group.Folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file")
            : Left(group.Folder, "memory.max", "memory.current", "inactive_file", "active_file")).Append(machine).Min();
    }

    /// <summary>Different pairs of package and core in /sys/devices/system/cpu.</summary>
    public static int? PhysicalCores()
    {
        var cores = new HashSet<string>();
        for (var cpu = 0; Directory.Exists($"/sys/devices/system/cpu/cpu{cpu}"); cpu++)
        {
            var topology = $"/sys/devices/system/cpu/cpu{cpu}/topology";
            if (Text($"{topology}/core_id") is { } core)
                cores.Add($"{Text($"{topology}/physical_package_id")}/{core}");
        }
        return cores.Count > 0 ? cores.Count : null;
    }

    private static long? Left(string group, string most, string used, string inactive, string active)
    {
        if (!long.TryParse(Text($"{group}/{most}"), CultureInfo.InvariantCulture, out var limit) || !long.TryParse(Text($"{group}/{used}"), CultureInfo.InvariantCulture, out var now))
            return null;
        var pages = Lines($"{group}/memory.stat");
        return Math.Max(0, limit - now + (Value(pages, inactive + " ") ?? 0) + (Value(pages, active + " ") ?? 0));
    }

    // The groups of this process and all above them, each of which may have a limit.
    private static IEnumerable<(string Folder, bool IsFirst)> Groups()
    {
        foreach (var parts in Lines("/proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var first = parts[1].Split(',').Contains("memory");
            if (!first && parts[0] != "0")
                continue;
            for (var group = parts[2]; !string.IsNullOrEmpty(group); group = Path.GetDirectoryName(group))
                yield return ((first ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup") + group, first);
        }
    }

    private static long? Value(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Text(string path) => Lines(path).FirstOrDefault()?.Trim();

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
