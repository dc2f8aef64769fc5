using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>Linux: /proc and /sys. Whatever cannot be read is null.</summary>
internal static class LinuxMachine
{
    /// <summary>MemAvailable of /proc/meminfo (proc(5)), within what the control groups leave (cgroup v2: memory.max, memory.current, and inactive_file of memory.stat, which can be dropped).</summary>
    public static long? AvailableMemory()
    {
        var machine = Value(Lines("/proc/meminfo"), "MemAvailable:") * 1024;
        return Groups().Select(Left).Append(machine).Min();
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

    private static long? Left(string group) =>
        long.TryParse(Text($"{group}/memory.max"), CultureInfo.InvariantCulture, out var most) && long.TryParse(Text($"{group}/memory.current"), CultureInfo.InvariantCulture, out var used)
            ? Math.Max(0, most - used + (Value(Lines($"{group}/memory.stat"), "inactive_file") ?? 0))
            : null;

    // The group of this process and all above it, each of which may have a limit.
    private static IEnumerable<string> Groups()
    {
        var own = Lines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "/";
        for (var group = own; ; group = Path.GetDirectoryName(group)!)
        {
            yield return "/sys/fs/cgroup" + group;
            if (group is "/" or "" || Path.GetDirectoryName(group) is null)
                yield break;
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
