namespace LocalMcp.Workspace;

/// <summary>The files of one call, each once, under however many names and however often it was asked for.</summary>
internal sealed class WantedFiles(Roots roots)
{
    private readonly Dictionary<string, WantedFile> files = new(StringComparer.Ordinal);

    public int Count => files.Count;

    /// <summary>By name, so that the order in which they were asked for changes nothing.</summary>
    public IReadOnlyList<WantedFile> ByName => [.. files.Values.OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>Adds a file that was named.</summary>
    public void AddNamed(ProjectPath path, string reference, LineRange? lines) => At(path).Asked.Add((reference, lines));

    /// <summary>Adds a file that a pattern matches.</summary>
    public void AddMatched(ProjectPath path) => At(path).IsMatched = true;

    private WantedFile At(ProjectPath path)
    {
        var place = $"{path.Root}/{path.Real}";
        if (!files.TryGetValue(place, out var file))
            files[place] = file = new WantedFile(path);
        else if (Rank(path).CompareTo(Rank(file.Path)) is var order && (order < 0 || (order == 0 && string.CompareOrdinal(path.Name, file.Path.Name) < 0)))
            file.Path = path;
        return file;
    }

    // Of several names the one without links is shown, whichever came first; then the one in the first root.
    private (bool, int) Rank(ProjectPath path) => (path.IsLinked, roots.Folders.TakeWhile(root => root != path.Start).Count());
}

/// <summary>One file, and how it was asked for.</summary>
internal sealed class WantedFile(ProjectPath path)
{
    public ProjectPath Path { get; set; } = path;

    /// <summary>What it is called in the prompt. Without a link on the way that is its name on the disk, also where another spelling of it was asked for that the disk takes for the same.</summary>
    public string Name => Path.IsLinked ? Path.Name : Path.Real;

    /// <summary>The references that name it, each with its lines where it has some.</summary>
    public List<(string Reference, LineRange? Lines)> Asked { get; } = [];

    /// <summary>Whether a pattern matches it.</summary>
    public bool IsMatched { get; set; }

    /// <summary>Whether all of it was asked for.</summary>
    public bool IsWhole => IsMatched || Asked.Exists(asked => asked.Lines is null);

    /// <summary>The ranges that were asked for.</summary>
    public IEnumerable<LineRange> Ranges => Asked.Select(asked => asked.Lines).OfType<LineRange>();
}
