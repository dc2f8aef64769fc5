using System.Globalization;

namespace LocalMcp.Machine;

/// <summary>The files of /proc and /sys, below a root: "/", or a captured tree. Whatever cannot be read is not there.</summary>
internal sealed class SystemTree(string root)
{
    private readonly string root = root.TrimEnd('/');

    public string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(root + path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The first line, without spaces and zeros at its ends (a device tree ends its texts with a zero); null when there is none or it is empty.</summary>
    public string? Text(string path) => Lines(path).FirstOrDefault()?.Trim().Trim('\0') is { Length: > 0 } text ? text : null;

    public long? Number(string path) => long.TryParse(Text(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The number behind a name in a file of such lines.</summary>
    public long? Number(string path, string name) =>
        Lines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[name.Length..].Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    public bool Has(string folder) => Directory.Exists(root + folder);

    /// <summary>Names of what is in a folder, in their order.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(root + folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
