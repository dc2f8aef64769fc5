namespace LocalMcp.Workspace;

/// <summary>
/// A pattern of files, one segment for each folder on the way: <c>*</c> and <c>?</c> stand for letters of one name, <c>[a-z]</c> and <c>[!a-z]</c> for one of these,
/// <c>**</c> for any number of folders, and a backslash takes the meaning from what follows it. A name that begins with a dot has to be asked for with one.
/// </summary>
internal sealed class FileGlob
{
    private const string AnyFolders = "**";

    private readonly string[] segments;

    private FileGlob(string reference, string[] segments)
    {
        Reference = reference;
        this.segments = segments;
    }

    /// <summary>What was asked for, as it was written: several patterns may come from one with braces.</summary>
    public string Reference { get; }

    /// <summary>Whether a text has anything of a pattern.</summary>
    public static bool IsOne(string text) => text.AsSpan().ContainsAny("*?[{");

    /// <summary>A pattern without braces: <see cref="Braces"/>. Dots and double slashes that stand for nothing are taken out.</summary>
    public static FileGlob Of(string pattern, string reference)
    {
        List<string> segments = [];
        foreach (var segment in pattern.Split('/').Where(segment => segment is not ("" or ".")))
        {
            if (segment != AnyFolders || segments is not [.., AnyFolders])
                segments.Add(segment);
        }
        return new FileGlob(reference, [.. segments]);
    }

    /// <summary>Where a walk with this pattern begins, in the root.</summary>
    public IEnumerable<GlobState> Start => segments.Length > 0 ? From(0, walked: false) : [];

    /// <summary>Whether a file in a folder that has been walked to this state is one of those that are meant.</summary>
    public bool TakesFile(GlobState state, string name) => state.Segment == segments.Length - 1 && Takes(segments[state.Segment], name);

    /// <summary>The states in a folder of a folder; none when nothing that is meant can be in it.</summary>
    public IEnumerable<GlobState> Enter(GlobState state, string name)
    {
        var segment = segments[state.Segment];
        if (segment == AnyFolders)
            return name.StartsWith('.') ? [] : From(state.Segment, walked: true);
        return state.Segment < segments.Length - 1 && Takes(segment, name) ? From(state.Segment + 1, !Spells(state, name)) : [];
    }

    /// <summary>Whether the pattern spells this name, and those of all folders above it. Then it is meant, whatever .gitignore says, and also when it is a link to a folder.</summary>
    public bool Spells(GlobState state, string name) => !state.Walked && segments[state.Segment] != AnyFolders && IsSpelled(segments[state.Segment], name);

    // Any number of folders may be none.
    private IEnumerable<GlobState> From(int segment, bool walked)
    {
        yield return new GlobState(this, segment, walked);
        if (segments[segment] == AnyFolders && segment + 1 < segments.Length)
            yield return new GlobState(this, segment + 1, Walked: true);
    }

    // A folder of a web framework may be called [id]: who writes that means it.
    private static bool Takes(string segment, string name) =>
        IsSpelled(segment, name) || ((segment.StartsWith('.') || segment.StartsWith("\\.", StringComparison.Ordinal) || !name.StartsWith('.')) && Wildcards.Match(segment, name));

    private static bool IsSpelled(string segment, string name) => segment == name || NormalForm.Decomposed(segment) == NormalForm.Decomposed(name);
}

/// <summary>How far a pattern has been walked: the segment that names in this folder are compared with.</summary>
/// <param name="Walked">Whether a wildcard has led here, and not names that the pattern spells.</param>
internal readonly record struct GlobState(FileGlob Glob, int Segment, bool Walked);
