using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Workspace;

/// <summary>Reads open files, never more of one than is asked for: what a file says of its length may be wrong a moment later.</summary>
internal static class FileBytes
{
    private const int FirstPart = 16 * 1024;
    private const long Mib = 1024 * 1024;

    /// <summary>All of a file; null when it has more bytes than so many.</summary>
    /// <exception cref="IOException">The disk does not give them.</exception>
    public static byte[]? Read(SafeFileHandle file, int most, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(file);
        if (length > most)
            return null;
        var bytes = new byte[Math.Max((int)length, FirstPart) + 1];
        var read = 0;
        while (RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read += more;
            if (read > most)
                return null;
            if (read == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(2L * read, most + 1L));
        }
        return bytes[..read];
    }

    /// <summary>A size as people read it: 812 bytes, 12.3 KiB, 5.0 MiB.</summary>
    public static string Size(long bytes) => bytes switch
    {
        1 => "1 byte",
        < 1024 => FormattableString.Invariant($"{bytes} bytes"),
        < Mib => FormattableString.Invariant($"{bytes / 1024.0:0.0} KiB"),
        _ => FormattableString.Invariant($"{bytes / (double)Mib:#,0.0} MiB"),
    };
}
