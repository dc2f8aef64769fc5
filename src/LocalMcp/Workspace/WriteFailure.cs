namespace LocalMcp.Workspace;

/// <summary>What the system says when a file cannot be written, in words with a next step.</summary>
internal static class WriteFailure
{
    /// <summary>The number of the error that a file would be too large.</summary>
    public const int TooLarge = 27;

    // errno.h, of Linux (asm-generic) and of macOS where they differ.
    private const int Denied = 13;
    private const int IsFolder = 21;
    private const int DiskFull = 28;
    private const int ReadOnly = 30;
    private static readonly int NameTooLong = OperatingSystem.IsMacOS() ? 63 : 36;
    private static readonly int QuotaUsedUp = OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>Throws where a call of the system failed. The error's number is its HResult.</summary>
    /// <exception cref="IOException">The call failed.</exception>
    public static void Check(int error)
    {
        if (error != 0)
            throw new IOException(Unix.Words(error), error);
    }

    /// <summary>The failure to write a file.</summary>
    /// <param name="name">The file, as it is shown.</param>
    /// <param name="folder">The folder that it is in, as it is shown.</param>
    /// <param name="error">The system's number of the error.</param>
    public static LocalMcpException Of(string name, string folder, int error, Exception? inner = null) => new($"{name} was not written: {Cause(folder, error)}", inner);

    private static string Cause(string folder, int error) => error switch
    {
        DiskFull => "the disk is full. Make room on it, and try again.",
        TooLarge => "the file would be larger than the file system, or this process's limit for files (ulimit -f), allows. Raise the limit, or ask for less.",
        ReadOnly => "the file system is mounted read-only. Give a path on another one.",
        Denied or Unix.Error.NotPermitted => $"this user may not write to {folder}. Change its permissions, or give another path.",
        Unix.Error.Missing => $"{folder} is not there any more. Look at who removed it, and try again.",
        IsFolder => "there is a folder of that name now. Give another path.",
        _ when error == QuotaUsedUp => "the user's disk quota is used up. Make room, and try again.",
        _ when error == NameTooLong => "the name is too long for its file system. Give a shorter one.",
        _ => $"{Unix.Words(error)}. Look at the disk that {folder} is on, or give another path.",
    };
}
