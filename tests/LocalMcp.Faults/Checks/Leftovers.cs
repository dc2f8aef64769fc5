using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Checks;

/// <summary>What may be there when everybody has left: the user's files, what calls have announced, and nothing else.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);
    private static readonly string[] OwnFiles = ["note.txt", "taken.txt", ".env", "big.txt", "src/One.cs", "src/Two.cs"];

    /// <summary>Waits until the processes have gone by themselves, and looks around.</summary>
    public static async Task CheckAsync(Scene scene)
    {
        await ProcessesAsync(scene);
        Sockets(scene);
        Files(scene);
        scene.States.Check();
        if (scene.Backends.FirstOrDefault(backend => backend.Relay.Open > 0) is { } open && !await ClosesAsync(open))
            scene.Break($"{open.Relay.Open} connections to {open.Model} are open, and there is no session");
    }

    private static async Task ProcessesAsync(Scene scene)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (Proc.Of(scene.Home.Folder) is { Count: > 0 } left)
        {
            if (TimeProvider.System.GetElapsedTime(patience) > Longest)
            {
                scene.Break($"processes are left: {string.Join("; ", left.Select(p => $"{p.Id} {p.Role} {p.Words[..Math.Min(160, p.Words.Length)]}"))}");
                return;
            }
            await Task.Delay(50);
        }
    }

    private static void Sockets(Scene scene)
    {
        var left = Directory.Exists(scene.Home.KeeperFolder) ? Directory.GetFileSystemEntries(scene.Home.KeeperFolder).Select(Path.GetFileName).Where(name => name != "keeper.lock").ToList() : [];
        if (left.Count > 0)
            scene.Break($"the sockets' folder holds {string.Join(", ", left)}");
    }

    private static void Files(Scene scene)
    {
        var temporary = Directory.EnumerateFiles(scene.Home.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(scene.Home.Folder, file)).ToList();
        if (temporary.Count > scene.Killed)
            scene.Break($"temporary files are left: {string.Join(", ", temporary)}");
        var unknown = Directory.EnumerateFiles(scene.Project, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(scene.Project, file)).Where(name => !OwnFiles.Contains(name) && !name.EndsWith(".tmp", StringComparison.Ordinal) && !scene.Written.Knows(name)).ToList();
        if (unknown.Count > 0)
            scene.Break($"files are in the project that no call has announced: {string.Join(", ", unknown)}");
    }

    private static async Task<bool> ClosesAsync(Backend backend)
    {
        for (var i = 0; i < 100 && backend.Relay.Open > 0; i++)
            await Task.Delay(50);
        return backend.Relay.Open == 0;
    }
}
