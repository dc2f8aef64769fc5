namespace LocalMcp.Workspace;

/// <summary>What the .gitignore files of a folder and of those above it say, up to the root. Source: gitignore(5).</summary>
internal sealed class IgnoreRules
{
    private readonly IgnoreRules? above;
    private readonly string folder;
    private readonly IReadOnlyList<PathPattern> patterns;

    private IgnoreRules(IgnoreRules? above, string folder, IReadOnlyList<PathPattern> patterns)
    {
        this.above = above;
        this.folder = folder;
        this.patterns = patterns;
    }

    public static IgnoreRules None { get; } = new(null, "", []);

    /// <summary>These, and what a .gitignore further down says, which goes before them.</summary>
    /// <param name="below">Its folder, relative to the root; empty for the root itself.</param>
    public IgnoreRules With(string below, string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line[0] != '#');
        return new IgnoreRules(this, below, [.. lines.Select(line => PathPattern.Parse(line, OperatingSystem.IsMacOS()))]);
    }

    /// <summary>Whether the last word on this path is to leave it out. For the path alone: what is in a folder that is left out is for the caller not to look at.</summary>
    /// <param name="path">Relative to the root, and below the folders of all these rules.</param>
    public bool Ignore(string path, bool isFolder)
    {
        for (var rules = this; rules is not null; rules = rules.above)
        {
            var relative = rules.folder.Length == 0 ? path : path[(rules.folder.Length + 1)..];
            if (rules.patterns.LastOrDefault(pattern => pattern.Matches(relative, isFolder)) is { } last)
                return !last.IsNegated;
        }
        return false;
    }
}
