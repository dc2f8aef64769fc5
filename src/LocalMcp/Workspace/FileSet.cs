namespace LocalMcp.Workspace;

/// <summary>The files of one question, as they were read.</summary>
/// <param name="Files">By name, each once, whatever the order in which they were asked for: the same files make the same text.</param>
/// <param name="LeftOut">What a pattern matched and was not read, each with the reason: <c>.env (a secret)</c>.</param>
internal sealed record FileSet(IReadOnlyList<QuotedFile> Files, IReadOnlyList<string> LeftOut)
{
    public static FileSet None { get; } = new([], []);

    /// <summary>How many files: several ranges of one are one.</summary>
    public int Count { get; } = Files.Select(file => file.File).Distinct().Count();

    /// <summary>The part of the prompt that they make; empty without files.</summary>
    public string Text { get; } = string.Join("\n\n", Files.Select(file => file.Text));
}

/// <summary>One file, or a range of its lines, as it goes into a prompt.</summary>
/// <param name="Name">Relative to the project, with the range where there is one: <c>src/Parser.cs:10-80</c>. Control characters are escaped.</param>
/// <param name="Text">Its name and its fenced text.</param>
internal sealed record QuotedFile(string Name, string Text)
{
    /// <summary>The name without a range.</summary>
    public string File { get; init; } = Name;
}
