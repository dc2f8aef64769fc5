using System.Globalization;
using LocalMcp.State;

namespace LocalMcp.Pull;

/// <summary>Where the files of a repository go: <c>owner/repo/path</c> below the user's model folder. The names come from a server, and are not trusted.</summary>
/// <param name="folder">The folder of the repository.</param>
internal sealed class ModelPlace(string folder)
{
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // 255 bytes is what the usual file systems allow; our own endings (.part.json.tmp) need some of them.
    private const int LongestName = 230;
    private const int LongestPath = 1000;

    public static ModelPlace Of(UserEnvironment environment, PullSource.HuggingFace source) => new(Path.Combine(environment.ModelFolder, source.Owner, source.Repository));

    /// <summary>Whether a path of a repository stays below the folder, and is one that every file system takes.</summary>
    public static bool IsSafe(string path) => path.Length <= LongestPath && !path.Any(c => IsInvisible(c) || c is '\\' or ':') && path.Split('/').All(IsSafeName);

    /// <summary>The file on this disk.</summary>
    /// <exception cref="ArgumentException">The path is not safe.</exception>
    public string PathOf(HubFile file) => IsSafe(file.Path) ? Path.Combine(folder, file.Path) : throw new ArgumentException("The path leads out of the folder.", nameof(file));

    /// <summary>Makes the folder of a file; nobody else can look into those that are made.</summary>
    /// <exception cref="LocalMcpException">It cannot be made.</exception>
    public static void MakeFolder(string file)
    {
        var itsFolder = Path.GetDirectoryName(file)!;
        try
        {
            // The system's own way to make several at once gives the mode to the last one alone.
            var missing = new Stack<string>();
            for (var one = itsFolder; !Directory.Exists(one) && Path.GetDirectoryName(one) is { } parent; one = parent)
                missing.Push(one);
            foreach (var one in missing)
                Directory.CreateDirectory(one, OnlyMine);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"{itsFolder} cannot be made: {cannot.Message.TrimEnd('.')}. Make its parent writable, or set XDG_DATA_HOME to a folder that is.", cannot);
        }
    }

    /// <summary>Free bytes for this user on the disk of the folder; null when that cannot be said.</summary>
    public long? FreeBytes
    {
        get
        {
            var there = folder;
            while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent)
                there = parent;
            try
            {
                return new DriveInfo(there).AvailableFreeSpace;
            }
            catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return null;
            }
        }
    }

    public string Folder => folder;

    // What turns or hides the letters beside it makes a name look like another one.
    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsSafeName(string name) => name.Length > 0 && name[0] != '.' && name.Trim() == name && System.Text.Encoding.UTF8.GetByteCount(name) <= LongestName;
}
