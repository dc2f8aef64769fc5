namespace LocalMcp.Models.Gguf;

/// <summary>
/// Where paths really lead: every link on the way is followed, also those among the folders. It remembers folders, so it serves one look
/// through the disk and is then thrown away.
/// </summary>
internal sealed class RealPath
{
    // As many as Linux follows in one path.
    private const int MostLinks = 40;

    private readonly Dictionary<string, string> folders = [];

    /// <summary>The file that a path leads to; null when it leads to none.</summary>
    public FileInfo? File(string path)
    {
        try
        {
            var real = new FileInfo(Of(path, MostLinks));
            return real.Exists ? real : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A folder without links on the way to it.</summary>
    /// <exception cref="IOException">The links go round in circles, or cannot be followed.</exception>
    public string Folder(string path) => Folder(path, MostLinks);

    private string Of(string path, int left)
    {
        var here = Path.GetDirectoryName(path) is { } folder ? Path.Combine(Folder(folder, left), Path.GetFileName(path)) : path;
        return new FileInfo(here).LinkTarget is not { } target ? here
            : left > 0 ? Of(Path.GetFullPath(target, Path.GetDirectoryName(here)!), left - 1)
            : throw new IOException($"{path} is a circle of links.");
    }

    private string Folder(string path, int left)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (!folders.TryGetValue(path, out var real))
            folders[path] = real = Of(path, left);
        return real;
    }
}
