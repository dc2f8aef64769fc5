namespace LocalMcp.Workspace;

/// <summary>A list of patterns as in a .gitignore: of those that match, the last one decides, and what is in a folder that is covered stays covered.</summary>
internal sealed class PathPatterns(IReadOnlyList<PathPattern> patterns)
{
    public static PathPatterns Parse(IEnumerable<string> lines, bool ignoreCase) => new([.. lines.Select(line => PathPattern.Parse(line, ignoreCase))]);

    /// <summary>Whether the list covers the path: by itself, or by a folder above it.</summary>
    public bool Covers(string relativePath, bool isFolder) => Cover(relativePath, isFolder) is not null;

    /// <summary>The place in the list of the pattern that covers the path; null where none does.</summary>
    public int? Cover(string relativePath, bool isFolder)
    {
        if (patterns.Count == 0)
            return null;
        for (var slash = relativePath.IndexOf('/'); slash >= 0; slash = relativePath.IndexOf('/', slash + 1))
        {
            if (Last(relativePath.AsSpan(0, slash), isFolder: true) is { } folder)
                return folder;
        }
        return Last(relativePath, isFolder);
    }

    private int? Last(ReadOnlySpan<char> path, bool isFolder)
    {
        for (var i = patterns.Count - 1; i >= 0; i--)
        {
            if (patterns[i].Matches(path, isFolder))
                return patterns[i].IsNegated ? null : i;
        }
        return null;
    }
}
