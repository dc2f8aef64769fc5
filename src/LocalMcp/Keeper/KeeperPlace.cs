using System.Net.Sockets;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>The folder where the keeper of this user is found: only this user may enter, and every session of the user arrives at the same one.</summary>
/// <param name="folder">That folder.</param>
/// <param name="user">Whose it is.</param>
internal sealed class KeeperPlace(string folder, uint user)
{
    // sun_path holds 104 bytes on macOS and 108 on Linux, with the zero at its end.
    private const int LongestPath = 103;
    private const string EnginePrefix = "engine-";
    /// <summary>What to do about a folder that cannot be used.</summary>
    public const string Remedy = "Make room on that disk, or set XDG_RUNTIME_DIR to a folder that only you can write to.";

    private const string EngineSocketName = "engine.sock";
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Folder => folder;

    /// <summary>Where the keeper listens.</summary>
    public string Socket => Path.Combine(Folder, "keeper.sock");

    /// <summary>Where a keeper that makes way for a newer one is found until it has finished.</summary>
    public string RetiringSocket => Path.Combine(Folder, "retiring.sock");

    /// <summary>Held by the keeper as long as it lives. The lock is the kernel's, so it cannot outlive its holder; the file may stay.</summary>
    public string Lock => Path.Combine(Folder, "keeper.lock");

    /// <summary>The first of the user's runtime folders that serves, made if need be.</summary>
    /// <exception cref="BackendException">None serves; the message says why.</exception>
    public static KeeperPlace Find(UserEnvironment environment)
    {
        var troubles = new List<string>();
        foreach (var folder in environment.RuntimeFolders)
        {
            if (Trouble(folder) is { } trouble)
                troubles.Add($"{folder}: {trouble}");
            else
                return new KeeperPlace(folder, Unix.User);
        }
        throw new BackendException(BackendFailure.Unreachable, $"engine: there is no folder for the engine's sockets ({string.Join("; ", troubles)}). {Remedy}");
    }

    /// <summary>Path of a socket that does not exist yet, in a new folder for one engine.</summary>
    /// <exception cref="BackendException">The folder cannot be made.</exception>
    public string NewEngineSocket()
    {
        try
        {
            return Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, EnginePrefix + Guid.NewGuid().ToString("N")[..8]), OnlyMine).FullName, EngineSocketName);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new BackendException(BackendFailure.Unreachable, $"The engine's keeper cannot write to {Folder}: {cannot.Message.TrimEnd('.')}. {Remedy}", cannot);
        }
    }

    /// <summary>The folders of engines that run, and of those that ended without cleaning up.</summary>
    public IReadOnlyList<string> EngineFolders => Directory.GetDirectories(Folder, EnginePrefix + "*");

    /// <summary>The socket in an engine's folder.</summary>
    public static string EngineSocket(string engineFolder) => Path.Combine(engineFolder, EngineSocketName);

    /// <summary>Refuses the other end of a connection that belongs to another user.</summary>
    /// <exception cref="BackendException">It does.</exception>
    public void CheckPeer(Socket connected)
    {
        if (Unix.Peer(connected).User is { } other && other != user)
            throw new BackendException(BackendFailure.Refused, $"engine: {Socket} belongs to another user (id {other}), so nothing is sent there. Remove {Folder}, or set XDG_RUNTIME_DIR to a folder that only you can write to.");
    }

    // Why it does not serve; null when it does, and is there.
    private static string? Trouble(string path)
    {
        // The longest path in it is the socket of an engine.
        if (Encoding.UTF8.GetByteCount(Path.Combine(path, EnginePrefix + "12345678", EngineSocketName)) > LongestPath)
            return "its path is too long for a socket";
        try
        {
            var folder = Directory.CreateDirectory(path, OnlyMine);
            if (folder.LinkTarget is not null)
                return "it is a link";
            // Only the owner may do this.
            File.SetUnixFileMode(path, OnlyMine);
            return null;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            return cannot.Message.TrimEnd('.');
        }
    }
}
