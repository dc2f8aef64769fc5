using System.Diagnostics;
using System.Globalization;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>
/// Memory of processes in bytes. On Linux each page is shared out among those that map it, so that a sum counts nothing twice; elsewhere it is what is
/// resident, and the program's own pages count once for each process.
/// </summary>
internal static class ProcessMemory
{
    /// <summary>What this one takes; 0 when it has gone.</summary>
    public static long Of(int processId) => OperatingSystem.IsLinux() ? Share(processId) : Table().FirstOrDefault(process => process.Id == processId).Resident;

    /// <summary>What of this one is in memory, pages that others map too included; 0 when it has gone.</summary>
    public static long Resident(int processId) => Table().FirstOrDefault(process => process.Id == processId).Resident;

    /// <summary>This process and all that it started, and they.</summary>
    public static IReadOnlyList<int> WithChildren(int processId)
    {
        var table = Table();
        List<int> all = [processId];
        for (var i = 0; i < all.Count; i++)
            all.AddRange(table.Where(process => process.Parent == all[i]).Select(process => process.Id));
        return all;
    }

    private static long Share(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static List<(int Id, int Parent, long Resident)> Table()
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-axo", "pid=,ppid=,rss="]) { RedirectStandardOutput = true })!;
        var lines = ps.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ps.WaitForExit();
        return [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(fields => (Whole(fields[0]), Whole(fields[1]), Whole(fields[2]) * 1024L))];
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
