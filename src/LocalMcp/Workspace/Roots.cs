using LocalMcp.State;

namespace LocalMcp.Workspace;

/// <summary>The folders that files may be read from and written to, as real paths without links. The first one is where relative paths begin.</summary>
internal sealed record Roots(IReadOnlyList<string> Folders)
{
    /// <summary>
    /// What the client names as its roots, else the project of its environment, else the working folder; and after them those of the settings.
    /// </summary>
    /// <param name="client">Paths of the client's roots; empty where it names none.</param>
    /// <exception cref="LocalMcpException">None of them is a folder, or the first one is the whole disk.</exception>
    public static Roots Of(IReadOnlyList<string> client, UserEnvironment environment, Settings settings)
    {
        string[] project = client.Count > 0 ? [.. client] : [environment.ClaudeProject ?? Environment.CurrentDirectory];
        var real = project.Concat(settings.Files.Roots.Select(environment.Expand)).Select(RealFolder).OfType<string>().Distinct().ToList();
        if (real.Find(folder => folder == "/") is not null)
            throw new LocalMcpException("Files cannot be read or written here: the project's folder is /, the whole disk. Start the client in the folder of a project, or name one in files.roots of settings.json.");
        return real.Count > 0 ? new Roots(real) : throw new LocalMcpException($"Files cannot be read or written here: {string.Join(", ", project)} is no folder. Start the client in the folder of a project, or name one in files.roots of settings.json.");
    }

    /// <summary>The same, for names that begin in this one of them.</summary>
    public Roots From(string root) => root == Folders[0] ? this : new Roots([root, .. Folders.Where(folder => folder != root)]);

    private static string? RealFolder(string path) => Directory.Exists(path) ? Unix.RealPath(path) : null;
}
