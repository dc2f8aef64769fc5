using System.Text;

namespace LocalMcp.Workspace;

/// <summary>What a clean relative name means in one root.</summary>
/// <param name="Path">The file, or where it would be.</param>
/// <param name="FolderExists">Whether the folder that it is or would be in is there.</param>
/// <param name="Blocked">Why there can be no such file; null where there is one or could be.</param>
internal sealed record PathLookup(ProjectPath Path, bool FolderExists, string? Blocked)
{
    private const int MostNames = 100_000;

    // What the kernel shows as files there is no project's, and may never end.
    private static readonly string[] KernelFolders = ["/proc", "/sys", "/dev"];

    /// <summary>Follows every link on the way.</summary>
    /// <exception cref="LocalMcpException">Something has this name here, and it may not be used.</exception>
    public static PathLookup In(string root, string name, Roots roots)
    {
        if (Unix.RealPath(root) is not { } here)
            return new PathLookup(new ProjectPath(name, root, root, name, IsLinked: false, Exists: false), FolderExists: false, $"the project's folder {root} is not there any more");
        if (here != root)
            throw new LocalMcpException($"{root}, the project's folder, has become a link since the session began. Nothing was opened; start the client again in the folder that you mean.");
        return Unix.RealPath($"{root}/{name}") is { } real ? Found(root, name, real, roots) : Missing(root, name, roots);
    }

    private static PathLookup Found(string root, string name, string real, Roots roots)
    {
        var home = Home(root, name, real, roots);
        var path = new ProjectPath(name, root, home, Below(home, real), IsLinked(root, name, real), Exists: true);
        return new PathLookup(path, FolderExists: true, Blocked: null);
    }

    private static PathLookup Missing(string root, string name, Roots roots)
    {
        var parts = name.Split('/');
        var (folder, there) = (root, 0);
        while (there < parts.Length && (Unix.RealPath($"{folder}/{parts[there]}") ?? OtherSpelling(folder, parts[there])) is { } next)
        {
            _ = Home(root, name, next, roots);
            (folder, there) = (next, there + 1);
        }
        if (there == parts.Length)
            return Found(root, name, folder, roots);
        var home = Home(root, name, folder, roots);
        var blocked = Obstacle(folder, parts, there);
        var real = string.Join('/', parts[there..].Prepend(Below(home, folder)).Where(part => part.Length > 0));
        var path = new ProjectPath(name, root, home, real, IsLinked(root, string.Join('/', parts[..there]), folder), Exists: false);
        return new PathLookup(path, FolderExists: there == parts.Length - 1 && blocked is null, blocked);
    }

    // What has this name in the other normal form of Unicode, where the disk tells the two apart.
    private static string? OtherSpelling(string folder, string name)
    {
        if (Ascii.IsValid(name))
            return null;
        try
        {
            var same = NormalForm.Decomposed(name);
            var found = new DirectoryInfo(folder).EnumerateFileSystemInfos().Take(MostNames).Where(entry => NormalForm.Decomposed(entry.Name) == same).Take(2).ToList();
            return found.Count == 1 ? Unix.RealPath(found[0].FullName) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Why what is there ends where it ends.
    private static string? Obstacle(string folder, string[] parts, int there)
    {
        var (handle, error) = Unix.OpenFolder(folder);
        using (handle)
        {
            var shown = ShownText.Of(string.Join('/', parts[..there]));
            if (handle is null)
                return error == Unix.Error.NoFolder ? $"{shown} is a file, and no folder" : $"the folder {(shown.Length > 0 ? shown : folder)} cannot be looked into: {Unix.Words(error)}";
            return Unix.Kind(handle, parts[there]) == FileKind.Link
                ? throw new LocalMcpException($"{ShownText.Of(string.Join('/', parts[..(there + 1)]))} is a link that leads to nothing, or round in a circle. Name the file that you mean, or mend the link.")
                : null;
        }
    }

    // The root that a real path lies in: the one that the name began in, else the first.
    private static string Home(string root, string name, string real, Roots roots)
    {
        var home = roots.Folders.Prepend(root).FirstOrDefault(folder => real == folder || real.StartsWith(folder + "/", StringComparison.Ordinal));
        if (KernelFolders.FirstOrDefault(folder => real == folder || real.StartsWith(folder + "/", StringComparison.Ordinal)) is { } kernels && !(home ?? "").StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw new LocalMcpException($"{ShownText.Of(name)} leads into {kernels}, where the system shows itself and its devices as files. Nothing there is read or written; name a file of the project.");
        if (real.Contains('\uFFFD') && !name.Contains('\uFFFD'))
            throw new LocalMcpException($"{ShownText.Of(name)} leads to a file whose name is not UTF-8, and such files are not read or written. Rename it.");
        return home ?? throw new LocalMcpException($"{ShownText.Of(name)} is a link, or lies behind one, that leads out of the project. Only files of the project are read and written; copy the file into it, or name its folder in files.roots of settings.json.");
    }

    private static bool IsLinked(string root, string name, string real)
    {
        if (real == $"{root}/{name}" || name.Length == 0)
            return false;
        // On a disk that does not tell apart upper and lower case, the names differ without any link.
        var parts = name.Split('/');
        return Enumerable.Range(1, parts.Length).Any(count => new FileInfo($"{root}/{string.Join('/', parts[..count])}").LinkTarget is not null);
    }

    private static string Below(string root, string real) => real.Length > root.Length ? real[(root.Length + 1)..] : "";
}
