namespace LocalMcp.State;

/// <summary>Replaces a small file that all sessions of the user share: as a whole (temporary file, rename), so a reader never sees half of it, and nothing stays where that fails.</summary>
internal static class StateFile
{
    private const UnixFileMode AnyMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="sync">Whether it is on the disk when this returns.</param>
    /// <param name="mode">Permissions, less those of the process's umask.</param>
    /// <exception cref="IOException">It cannot be written; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static void Replace(string file, ReadOnlySpan<byte> text, bool sync = false, UnixFileMode mode = AnyMode)
    {
        // Beyond it the system ends the process with a signal.
        if ((ulong)text.Length > Unix.LargestFile)
            throw TooLarge(null);
        var temporary = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0 }))
            {
                stream.Write(text);
                stream.Flush(flushToDisk: sync);
            }
            File.Move(temporary, file, overwrite: true);
        }
        catch (ArgumentOutOfRangeException tooLarge)
        {
            // What .NET makes of EFBIG.
            Forget(temporary);
            throw TooLarge(tooLarge);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Forget(temporary);
            throw;
        }
    }

    private static IOException TooLarge(Exception? inner) => new("The file would be larger than the file system, or this process's limit for files (ulimit -f), allows.", inner);

    private static void Forget(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            // The write has failed already and is what the caller hears of.
        }
    }
}
