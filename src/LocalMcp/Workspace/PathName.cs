using System.Text;

namespace LocalMcp.Workspace;

/// <summary>What somebody may name as a file of the project: a relative path that stays below its root, whatever is on the disk.</summary>
internal static class PathName
{
    // limits.h of Linux: PATH_MAX with its NUL, NAME_MAX. macOS allows less in a path, and says so itself.
    private const int LongestPath = 4_095;
    private const int LongestName = 255;

    /// <summary>The name without dots, double slashes and a slash at its end.</summary>
    /// <exception cref="LocalMcpException">It is empty, absolute, of a home or of Windows, it leads upwards, or no file can have it.</exception>
    public static string Clean(string name, Roots roots)
    {
        if (name.Length == 0)
            throw new LocalMcpException("The path is empty. Name a file relative to the project, like src/Parser.cs.");
        if (Trouble(name) is { } trouble)
            throw new LocalMcpException($"{Shortened(name)} cannot be the path of a file: {trouble}. Name a file relative to the project, like src/Parser.cs.");
        if (name.StartsWith('/'))
            throw Absolute(name, roots);
        if (name.StartsWith('~'))
            throw new LocalMcpException($"{ShownText.Of(name)} begins in a home folder, and only files of the project are read and written. Name it relative to the project; a file whose own name begins with ~ is ./{ShownText.Of(name)}.");
        if (name.StartsWith(@"\\", StringComparison.Ordinal) || (name.Length > 2 && char.IsAsciiLetter(name[0]) && name[1] == ':' && name[2] is '\\' or '/'))
            throw new LocalMcpException($"{ShownText.Of(name)} is a path of Windows, and there are none here. Name the file relative to the project, with slashes: src/Parser.cs.");
        if (name.Split('/').Contains(".."))
            throw Upwards(name);
        var parts = Parts(name);
        return parts.Count > 0 ? string.Join('/', parts) : throw new LocalMcpException($"{ShownText.Of(name)} is the project's folder itself. Name a file in it.");
    }

    private static string? Trouble(string name)
    {
        if (name.Contains('\0'))
            return "it holds a NUL";
        if (!IsText(name))
            return "it holds half a letter (a lone surrogate)";
        if (Encoding.UTF8.GetByteCount(name) > LongestPath)
            return $"it has {Encoding.UTF8.GetByteCount(name):N0} bytes, and {LongestPath:N0} are the most";
        return name.Split('/').Any(part => Encoding.UTF8.GetByteCount(part) > LongestName) ? $"one name in it has more than {LongestName} bytes" : null;
    }

    private static bool IsText(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && !(char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[++i])))
                return false;
        }
        return true;
    }

    private static List<string> Parts(string name) => [.. name.Split('/').Where(part => part is not ("" or "."))];

    private static LocalMcpException Absolute(string name, Roots roots)
    {
        var full = Path.GetFullPath(name);
        var inside = Inside(full, roots) ?? (Unix.RealPath(name) is { } real ? Inside(real, roots) : null);
        return new LocalMcpException(inside is null
            ? $"{ShownText.Of(name)} is an absolute path, and it is not in the project ({string.Join(", ", roots.Folders)}). Only files of the project are read and written; name one relative to it."
            : $"{ShownText.Of(name)} is an absolute path. Name it relative to the project: {ShownText.Of(inside)}");
    }

    private static string? Inside(string full, Roots roots) =>
        roots.Folders.Where(root => full.StartsWith(root + "/", StringComparison.Ordinal)).Select(root => full[(root.Length + 1)..].TrimEnd('/')).FirstOrDefault(inside => inside.Length > 0);

    private static LocalMcpException Upwards(string name)
    {
        List<string> clean = [];
        foreach (var part in Parts(name))
        {
            if (part != "..")
                clean.Add(part);
            else if (clean.Count == 0)
                return new LocalMcpException($"{ShownText.Of(name)} leads out of the project by its .. parts. Only files of the project are read and written; name one relative to it.");
            else
                clean.RemoveAt(clean.Count - 1);
        }
        return new LocalMcpException($"{ShownText.Of(name)} has .. in it, which no path may have here. {(clean.Count > 0 ? $"Write {ShownText.Of(string.Join('/', clean))}" : "It is the project's folder itself; name a file in it.")}");
    }

    private static string Shortened(string name) => ShownText.Of(name.Length <= 80 ? name : name[..60] + "…");
}
