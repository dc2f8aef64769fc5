namespace LocalMcp.Backends.Engine;

/// <summary>A place for the engine's Unix socket: a new folder that only this user may enter, with a path short enough for a socket.</summary>
internal static class EngineSocket
{
    // sun_path holds 104 bytes on macOS and 108 on Linux, with the zero at its end.
    private const int LongestPath = 103;

    /// <summary>Path of a socket that does not exist yet, in a new folder with mode 0700.</summary>
    /// <param name="places">Folders to try, best first.</param>
    /// <exception cref="BackendException">No folder with a path short enough can be written.</exception>
    public static string Create(IReadOnlyList<string> places)
    {
        foreach (var place in places.Where(Directory.Exists))
        {
            var socket = Path.Combine(place, $"local-mcp-{Guid.NewGuid().ToString("N")[..12]}", "engine.sock");
            if (System.Text.Encoding.UTF8.GetByteCount(socket) <= LongestPath && TryMake(Path.GetDirectoryName(socket)!))
                return socket;
        }
        throw new BackendException(BackendFailure.Unreachable, $"The engine needs a writable folder with a path of less than {LongestPath - 40} bytes for its socket, and found none in {string.Join(", ", places)}. Set TMPDIR to one.");
    }

    private static bool TryMake(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return true;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
