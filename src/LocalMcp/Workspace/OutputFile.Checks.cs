using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

// What is refused: before the model is asked, and again when its answer is there.
internal sealed partial class OutputFile
{
    private const int MostPartials = 99;

    // How much of a file is read to see how its lines end, in bytes.
    private const int Beginning = 1024 * 1024;

    private static IEnumerable<string> PartialEndings => Enumerable.Range(1, MostPartials).Select(number => number == 1 ? ".partial" : string.Create(CultureInfo.InvariantCulture, $".{number}.partial"));

    private string ShownFolder => Path.GetDirectoryName(path.Shown) is { Length: > 0 } folder ? $"the folder {folder}" : $"the project's folder {path.Root}";

    private static void RefuseLongName(ProjectPath place)
    {
        var length = Encoding.UTF8.GetByteCount(place.Real[(place.Real.LastIndexOf('/') + 1)..]);
        if (length > LongestName)
            throw new LocalMcpException($"{place.Shown} has a name of {length} bytes, and {LongestName} are the most: there must be room for .partial behind it. Give a shorter one.");
    }

    private static FileStatus Replaceable(ProjectPath place, bool overwrite)
    {
        var (folder, leaf) = place.OpenParent();
        using (folder)
        {
            var there = Regular(place, Unix.Status(folder, leaf));
            if (!overwrite)
                throw new LocalMcpException($"{place.Shown} is there already, with {there.Size:N0} bytes. Give overwrite to replace it, or another path.");
            if ((there.Mode & WriteBits) == 0)
                throw new LocalMcpException($"{place.Shown} is read-only (its permissions are {Octal(there.Mode)}). Make it writable, or give another path.");
            if (Unix.MayWrite($"{place.Root}/{place.Real}", isFolder: false) is not 0 and var error)
                throw WriteFailure.Of(place.Shown, "it", error);
            return there;
        }
    }

    private static FileStatus Regular(ProjectPath place, FileStatus? status) => status switch
    {
        { Kind: FileKind.Regular } => status,
        { Kind: FileKind.Folder } => throw new LocalMcpException($"{place.Shown} is a folder. Name the file in it: {place.Shown}/answer.md"),
        { Kind: FileKind.Link } => throw new LocalMcpException($"{place.Shown} has become a link, and nothing is written through links. Look at who changes it, and try again."),
        null => throw new LocalMcpException($"{place.Shown} cannot be looked at. Change the permissions of its folder, or give another path."),
        _ => throw new LocalMcpException($"{place.Shown} is a pipe, a socket or a device, and only regular files are written. Give another path."),
    };

    // The deepest folder on the way that is there: the others will be made in it.
    private static void RefuseReadOnlyFolder(ProjectPath place)
    {
        var below = place.Real;
        do
            below = Path.GetDirectoryName(below) ?? "";
        while (below.Length > 0 && !Directory.Exists($"{place.Root}/{below}"));
        var folder = below.Length > 0 ? $"{place.Root}/{below}" : place.Root;
        var shown = below.Length > 0 ? $"the folder {ShownText.Of(below)}" : $"the project's folder {place.Root}";
        var (handle, error) = Unix.OpenFolder(folder);
        using (handle)
        {
            if (handle is not null && Unix.Status(handle) is { Mode: var mode } && (mode & WriteBits) == 0)
                throw new LocalMcpException($"{place.Shown} cannot be written: {shown} is read-only (its permissions are {Octal(mode)}). Make it writable, or give another path.");
            if ((handle is null ? error : Unix.MayWrite(folder, isFolder: true)) is not 0 and var why)
                throw WriteFailure.Of(place.Shown, shown, why);
        }
    }

    // What is there now, where it is still what was planned to be replaced; null where there is nothing.
    private FileStatus? Expected(SafeFileHandle folder, string leaf)
    {
        var now = Unix.Status(folder, leaf);
        if (now is null)
            return null;
        if (before is null)
            throw Appeared(now);
        return Regular(path, now).IsUnchanged(before)
            ? now
            : throw new LocalMcpException($"{path.Shown} was not written: the file has changed since the model was asked ({before.Size:N0} bytes then, {now.Size:N0} now), and the change is kept. Look at it, and ask again.");
    }

    private LocalMcpException Appeared(FileStatus? there)
    {
        var what = there is { Kind: FileKind.Regular } ? $"a file of that name, with {there.Size:N0} bytes," : "something of that name";
        return new LocalMcpException($"{path.Shown} was not written: {what} has appeared since the model was asked, and it is kept. Give overwrite to replace it, or another path.");
    }

    private TextForm FormOf(SafeFileHandle folder, string leaf, FileStatus old)
    {
        var (file, error) = Unix.OpenToRead(folder, leaf);
        using (file)
        {
            if (file is null)
                throw new LocalMcpException($"{path.Shown} was not written: it may not be read, so its encoding and line ends cannot be kept ({Unix.Words(error)}). Change its permissions, or give another path.");
            if (!Regular(path, Unix.Status(file)).IsUnchanged(old))
                throw new LocalMcpException($"{path.Shown} was not written: it is being changed by somebody else. Look at it, and ask again.");
            var beginning = new byte[Math.Min(old.Size, Beginning)];
            return TextForm.Of(beginning.AsSpan(0, RandomAccess.Read(file, beginning, 0)));
        }
    }

    // A folder that was moved away while the text was written takes the open folder with it.
    private void RefuseMovedFolder(SafeFileHandle folder)
    {
        using var there = path.OpenParent().Folder;
        if (Unix.Status(folder) is not { } ours || Unix.Status(there) is not { } now || !now.IsSameFile(ours))
            throw new LocalMcpException($"{path.Shown} was not written: {ShownFolder} was moved or replaced meanwhile. Look at who changes it, and try again.");
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
