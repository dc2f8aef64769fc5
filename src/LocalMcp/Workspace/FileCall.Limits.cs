using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

// How much one call reads, and what is said when it would be more.
internal sealed partial class FileCall
{
    /// <summary>The most files of one call. The names and fences of so many fill much of a local model's context already.</summary>
    public const int MostFiles = 1_000;

    /// <summary>The most that one call reads of all its files, in bytes: as much as the largest single file that settings can allow.</summary>
    public const long MostBytes = 64 * Mib;

    private const int Mib = 1024 * 1024;
    private const int MostLargest = 5;

    private string TooLarge(SafeFileHandle file)
    {
        var size = RandomAccess.GetLength(file) is var length && length > largestMib * Mib ? $"it has {FileBytes.Size(length)}" : "it grows while it is read";
        return $"{size}, and files of more than {largestMib} MiB are not read; files.largest_mib in settings.json says how much";
    }

    private LocalMcpException TooMuch()
    {
        var largest = wanted.ByName.Select(file => (Shown: ShownText.Of(file.Name), Size: SizeOf(file.Path))).OrderByDescending(file => file.Size).Take(MostLargest);
        return new LocalMcpException($"Nothing was sent to the model: the {Text($"{wanted.Count:N0}")} files have more than {FileBytes.Size(MostBytes)} together, the most that one call reads. The largest are {string.Join(", ", largest.Select(file => $"{file.Shown} ({FileBytes.Size(file.Size)})"))}. Leave some out; of large files name the lines that matter, and few of these in one call.");
    }

    private static long SizeOf(ProjectPath path) => new FileInfo($"{path.Root}/{path.Real}") is { Exists: true } file ? file.Length : 0;

    private LocalMcpException TooMany(List<FileGlob> globs) => new(globs.Count > 0
        ? Text($"Nothing was sent to the model: {Patterns(globs)} and what else is named are {wanted.Count:N0} files, and one call reads {MostFiles:N0} at most. Begin the pattern further down, name an extension (src/**/*.cs), or ask in several calls.")
        : Text($"Nothing was sent to the model: {wanted.Count:N0} files are named, and one call reads {MostFiles:N0} at most. Ask in several calls."));
}
