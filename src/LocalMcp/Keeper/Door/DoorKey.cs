using System.Security.Cryptography;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper.Door;

/// <summary>The keys of doors: 256 random bits in hexadecimal.</summary>
internal static class DoorKey
{
    private const int Bytes = 32;
    private const UnixFileMode OnlyMine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A key for a door that does not stay.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);

    /// <summary>Where the key of doors that stay is kept, beside the settings.</summary>
    public static string File(UserEnvironment environment) => Path.Combine(environment.ConfigFolder, "engine_key");

    /// <summary>The user's key for doors that stay, made once, so that what was pasted into an editor stays valid.</summary>
    /// <exception cref="BackendException">Its file cannot be read or made, holds something else, or can be read by others.</exception>
    public static string Kept(UserEnvironment environment)
    {
        var file = File(environment);
        try
        {
            return Read(file) ?? Make(environment, file);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new BackendException(BackendFailure.Refused, $"The engine's key cannot be kept in {file}: {cannot.Message.TrimEnd('.')}. Make the folder writable, or set XDG_CONFIG_HOME to one that is.", cannot);
        }
    }

    // Null where there is none yet.
    private static string? Read(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists && info.LinkTarget is null)
            return null;
        if (info.LinkTarget is not null || (info.UnixFileMode & ~OnlyMine) != 0)
            throw new BackendException(BackendFailure.Refused, $"{file} holds the engine's key, and {(info.LinkTarget is null ? "others may read it" : "is a link")}, so it is not used. Remove it: the next call makes a new key, and what was set up with the old one has to get the new one.");
        using var reader = info.OpenText();
        var start = new char[2 * Bytes + 2];
        var key = new string(start, 0, reader.ReadBlock(start)).Trim();
        return key.Length == 2 * Bytes && key.All(char.IsAsciiHexDigitLower)
            ? key
            : throw new BackendException(BackendFailure.Refused, $"{file} does not hold a key of the engine: {2 * Bytes} digits and letters from a to f. Remove it; the next call makes a new one.");
    }

    private static string Make(UserEnvironment environment, string file)
    {
        Directory.CreateDirectory(environment.ConfigFolder);
        var (key, temporary) = (New(), $"{file}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OnlyMine }))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(key + "\n"));
                stream.Flush(flushToDisk: true);
            }
            System.IO.File.Move(temporary, file, overwrite: false);
            return key;
        }
        finally
        {
            System.IO.File.Delete(temporary);
        }
    }
}
