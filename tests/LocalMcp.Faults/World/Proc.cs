using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LocalMcp.Faults.World;

/// <summary>A process of a home: everything that was started there, by whomever, has the home in its environment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Role">What it is in LocalMcp.</param>
/// <param name="Words">Its command line.</param>
internal sealed record Proc(int Id, Role Role, string Words)
{
    private const string Root = "/proc";

    /// <summary>All living processes of this home. One that has ended and waits for its parent has no environment any more, and is not among them.</summary>
    public static IReadOnlyList<Proc> Of(string home)
    {
        var mark = Encoding.UTF8.GetBytes($"HOME={home}\0");
        return [.. Directory.EnumerateDirectories(Root).Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Has(id, mark)).Select(id => Describe(id)).OrderBy(process => process.Id)];
    }

    /// <summary>Resident memory in bytes, and open descriptors. Those of its own code are left out: there is one more whenever a part of the program runs for the first time.</summary>
    public static (long Memory, int Descriptors) Size(int id)
    {
        var pages = File.ReadAllText($"{Root}/{id}/statm").Split(' ')[1];
        var open = Directory.GetFiles($"{Root}/{id}/fd").Select(file => new FileInfo(file).LinkTarget).Count(target => target is not null && !target.EndsWith(".dll", StringComparison.Ordinal));
        return (long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize, open);
    }

    /// <summary>Sends a signal; one that has gone gets none.</summary>
    public static void Send(int id, Signal signal) => _ = Kill(id, (int)signal);

    private static bool Has(int id, byte[] mark)
    {
        var environment = Bytes(id, "environ");
        return environment.AsSpan().StartsWith(mark) || environment.AsSpan().IndexOf((byte[])[0, .. mark]) >= 0;
    }

    private static Proc Describe(int id)
    {
        var words = Encoding.UTF8.GetString(Bytes(id, "cmdline")).Replace('\0', ' ').Trim();
        return new Proc(id, RoleOf(words), words);
    }

    private static Role RoleOf(string words) => words switch
    {
        _ when words.Contains("local-mcp serve", StringComparison.Ordinal) => Role.Session,
        _ when words.Contains("local-mcp engine", StringComparison.Ordinal) => Role.Keeper,
        _ when words.StartsWith("/bin/sh -c", StringComparison.Ordinal) => Role.Guard,
        _ when words.Contains("llama-server", StringComparison.Ordinal) => Role.Engine,
        _ => Role.Other,
    };

    private static byte[] Bytes(int id, string name)
    {
        try
        {
            return File.ReadAllBytes($"{Root}/{id}/{name}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int id, int signal);
}

/// <summary>Who a process is.</summary>
internal enum Role
{
    Session,
    Keeper,
    Guard,
    Engine,
    Other,
}

/// <summary>Signals by their numbers on Linux.</summary>
internal enum Signal
{
    Int = 2,
    Kill = 9,
    Term = 15,
    Continue = 18,
    Stop = 19,
}
