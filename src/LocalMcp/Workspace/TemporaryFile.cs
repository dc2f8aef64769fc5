using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

/// <summary>
/// A file that is written under a name that nobody guesses, and gets its own when all of it is on the disk: whoever looks there finds all of it or nothing. What gets no
/// name is removed. Everything happens in one open folder, whatever happens to its path.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly SafeFileHandle folder;
    private readonly SafeFileHandle file;
    private readonly string name;

    // Whether the first name is gone, and whether the file has one that stays.
    private bool isGone;
    private bool isNamed;

    private TemporaryFile(SafeFileHandle folder, SafeFileHandle file, string name) => (this.folder, this.file, this.name) = (folder, file, name);

    /// <param name="folder">An open folder, which stays the caller's.</param>
    /// <param name="mode">Permissions, less those of the process's umask.</param>
    /// <exception cref="IOException">It cannot be created. Its HResult is the system's number of the error, as in all of these.</exception>
    public static TemporaryFile Create(SafeFileHandle folder, UnixFileMode mode)
    {
        var name = $".lm-{RandomNumberGenerator.GetHexString(32, lowercase: true)}.tmp";
        var (file, error) = Unix.Create(folder, name, mode);
        WriteFailure.Check(error);
        return new TemporaryFile(folder, file!, name);
    }

    /// <summary>Writes all of this, and waits until it is on the disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        WriteFailure.Check((ulong)bytes.Length > Unix.LargestFile ? WriteFailure.TooLarge : Unix.Write(file, bytes));
        WriteFailure.Check(Unix.Sync(file));
    }

    /// <summary>
    /// Takes over another file's permissions, and its owner and group where this user may give files away. Rights to act as another user are left out, as the system does
    /// with every file that is written to.
    /// </summary>
    /// <exception cref="IOException">The permissions cannot be set.</exception>
    public void Resemble(FileStatus other)
    {
        if (Unix.Status(file) is { } own && (own.Owner, own.Group) != (other.Owner, other.Group))
            _ = Unix.SetOwner(file, other.Owner, other.Group);
        WriteFailure.Check(Unix.SetMode(file, other.Mode & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup)));
    }

    /// <summary>Gives it its name where that is free.</summary>
    /// <returns>False where something has that name; nothing has changed then.</returns>
    /// <exception cref="IOException">It cannot have that name.</exception>
    public bool TryName(string newName)
    {
        var error = Unix.Link(folder, name, newName);
        // A server of files can report an error although the name is there: only the name tells.
        if (error != 0 && !IsAt(newName, file))
            return error != Unix.Error.Exists && TryNameWithoutLinks(newName);
        isNamed = true;
        RemoveName();
        return true;
    }

    /// <summary>The same where the file system has no hard links (FAT, some network shares): an empty file takes the name, which only one can, and is replaced.</summary>
    /// <exception cref="IOException">It cannot have that name.</exception>
    public bool TryNameWithoutLinks(string newName)
    {
        var (place, error) = Unix.Create(folder, newName, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (error == Unix.Error.Exists)
            return false;
        WriteFailure.Check(error);
        using (place)
        {
            try
            {
                Replace(newName);
                return true;
            }
            catch (IOException)
            {
                if (IsAt(newName, place!))
                    _ = Unix.Remove(folder, newName);
                throw;
            }
        }
    }

    /// <summary>Gives it its name, and lets what had that name go.</summary>
    /// <exception cref="IOException">It cannot have that name.</exception>
    public void Replace(string newName)
    {
        WriteFailure.Check(Unix.Rename(folder, name, newName));
        (isGone, isNamed) = (true, true);
    }

    public void Dispose()
    {
        RemoveName();
        file.Dispose();
        // Where the folder cannot promise to keep the name through a power cut, the file is there all the same.
        if (isNamed)
            _ = Unix.Sync(folder);
    }

    private bool IsAt(string otherName, SafeFileHandle handle) => Unix.Status(handle) is { } wanted && Unix.Status(folder, otherName) is { } there && there.IsSameFile(wanted);

    private void RemoveName()
    {
        if (!isGone)
            isGone = Unix.Remove(folder, name) is 0 or Unix.Error.Missing;
    }
}
