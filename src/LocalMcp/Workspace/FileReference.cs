using System.Globalization;

namespace LocalMcp.Workspace;

/// <summary>What one reference means: a file, lines of a file, or the files of a pattern.</summary>
/// <param name="Path">The file; null for a pattern, and where there is no such file.</param>
/// <param name="Lines">Null for all of them.</param>
/// <param name="Globs">The patterns; empty for a file.</param>
internal sealed record FileReference(ProjectPath? Path, LineRange? Lines, IReadOnlyList<FileGlob> Globs)
{
    // What a shell's user or a model writes has a handful; a thousand would be another way to name a thousand files.
    public const int MostAlternatives = 100;

    // As long as a path can be (PATH_MAX of Linux). Braces and brackets in what is longer would take long to read, and nobody writes it.
    private const int Longest = 4_096;

    public bool IsMissing => Path is null && Globs.Count == 0;

    /// <summary>Reads a reference. A file that has its text for a name goes before lines of a file, and these before a pattern.</summary>
    /// <exception cref="LocalMcpException">It cannot be used.</exception>
    public static FileReference Of(string text, Roots roots)
    {
        if (text.Length > Longest)
            throw new LocalMcpException(string.Create(CultureInfo.InvariantCulture, $"{Refusals.Shown(text)} has {text.Length:N0} characters, and {Longest:N0} are the most that a path can have. Name files one by one, each as an entry of its own."));
        if (Named(text, roots) is { } file)
            return new FileReference(file, null, []);
        var split = LineRange.Split(text);
        if (split is var (path, lines) && Named(path, roots) is { } part)
            return new FileReference(part, lines, []);
        if (!FileGlob.IsOne(text))
            return new FileReference(null, null, []);
        return split is null
            ? new FileReference(null, null, Patterns(text, roots))
            : throw new LocalMcpException($"{Refusals.Shown(text)} names lines of a pattern. Lines can be named of one file: src/Parser.cs:10-80.");
    }

    private static ProjectPath? Named(string name, Roots roots)
    {
        try
        {
            var path = ProjectPath.Of(name, roots, mayBeMissing: true);
            return path.Exists ? path : null;
        }
        catch (LocalMcpException) when (FileGlob.IsOne(name))
        {
            // No name, but what its alternatives stand for may be one.
            return null;
        }
    }

    private static IReadOnlyList<FileGlob> Patterns(string text, Roots roots)
    {
        var patterns = Braces.Expand(text, MostAlternatives) ?? throw new LocalMcpException($"{Refusals.Shown(text)} stands for more than {MostAlternatives} patterns. Name fewer alternatives, or use * in their place.");
        foreach (var pattern in patterns)
            _ = ProjectPath.Of(pattern, roots, mayBeMissing: true);
        return [.. patterns.Select(pattern => FileGlob.Of(pattern, text))];
    }
}
