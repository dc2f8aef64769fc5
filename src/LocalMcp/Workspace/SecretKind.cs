namespace LocalMcp.Workspace;

/// <summary>One kind of secret file, and how it is known by its path alone. Patterns are those of .gitignore, ignoring case, at any depth.</summary>
/// <param name="What">A word for it, in the plural.</param>
internal sealed record SecretKind(string What)
{
    // Suffixes of programs and of prose: a file of these is about credentials, and does not hold them.
    private static readonly HashSet<string> SourceSuffixes = new(StringComparer.OrdinalIgnoreCase)
    {
        ".adoc", ".asm", ".c", ".cc", ".clj", ".cljs", ".cpp", ".cs", ".cshtml", ".css", ".cts", ".cxx", ".dart", ".ex", ".exs", ".erl", ".fs", ".fsx", ".go", ".gradle", ".graphql", ".groovy", ".h",
        ".hh", ".hpp", ".hs", ".html", ".java", ".jl", ".js", ".jsx", ".kt", ".kts", ".lua", ".m", ".md", ".mdx", ".mjs", ".ml", ".mm", ".mts", ".nim", ".php", ".pl", ".pm", ".proto", ".py", ".pyi",
        ".r", ".razor", ".rb", ".rs", ".rst", ".scala", ".scss", ".sol", ".svelte", ".swift", ".ts", ".tsx", ".vb", ".vue", ".zig",
    };

    private static readonly string[] SampleWords = ["example", "sample", "template", "dist", "tmpl", "defaults", "schema"];
    private static readonly string[] DataSuffixes = ["json", "y*ml", "toml", "ini", "properties"];

    /// <summary>Patterns for what is shared with a secret left out: <c>secrets.json.example</c>, <c>secrets.example.json</c>.</summary>
    public static string[] SamplesOfAnything { get; } = [.. Samples("*"), .. SampleWords.SelectMany(word => DataSuffixes.Select(suffix => $"*.{word}.{suffix}"))];

    /// <summary>Names of files.</summary>
    public string[] Files { get; init => (field, files) = (value, Parse(value)); } = [];

    /// <summary>Names of folders: whatever is in them is of this kind.</summary>
    public string[] Folders { get; init => (field, folders) = (value, Parse(value)); } = [];

    /// <summary>Names of files that are not of this kind after all.</summary>
    public string[] Except { get; init => (field, except) = (value, Parse(value)); } = [];

    /// <summary>Whether the name is only a hint, so that a file of source code is not meant, nor a folder above the project.</summary>
    public bool IsHint { get; init; }

    private PathPattern[] files = [];
    private PathPattern[] folders = [];
    private PathPattern[] except = [];

    /// <summary>Whether a file, or a folder with all that is in it, is of this kind.</summary>
    /// <param name="full">The whole path, without the first slash.</param>
    /// <param name="relative">The path from the root.</param>
    public bool Holds(string full, string relative, bool isFolder)
    {
        // In a folder that is only a hint there may be source code.
        if (isFolder && IsHint)
            return false;
        var path = IsHint ? relative : full;
        if (!isFolder && ((IsHint && SourceSuffixes.Contains(Path.GetExtension(path))) || Array.Exists(except, pattern => pattern.Matches(path, isFolder: false))))
            return false;
        return (!isFolder && Array.Exists(files, pattern => pattern.Matches(path, isFolder: false))) || Array.Exists(folders, pattern => pattern.Covers(path, isFolder));
    }

    /// <summary>Patterns for a name with a suffix that says that it is an example.</summary>
    public static string[] Samples(string name) => [.. SampleWords.Select(word => $"{name}.{word}")];

    private static PathPattern[] Parse(string[] patterns) => [.. patterns.Select(pattern => PathPattern.Parse(pattern, ignoreCase: true))];
}
