namespace LocalMcp.Workspace;

/// <summary>What of a model's answer is the file that was asked for.</summary>
internal static class CodeBlock
{
    private static readonly string[] MarkdownFiles = [".md", ".markdown", ".mdx"];

    /// <summary>
    /// The content of the one fenced code block where the answer has exactly one, else the whole of it without the blank lines around it. It ends with exactly one newline; what
    /// holds nothing but white space is empty. Three cases have no rule in CommonMark, or one that would cost the user his file:
    /// <list type="bullet">
    /// <item>A block that is never closed goes to the end of the answer, as in CommonMark: the model has forgotten the fence. One that has nothing in it is no block.</item>
    /// <item>Models wrap a Markdown file in a fence that is no longer than those in the file. Where that leaves a fence over, and reading the fences in pairs leaves none, the pairs count.</item>
    /// <item>In an answer that goes to a Markdown file, a block of another language is a part of the text, and so is one without a name below a heading.</item>
    /// </list>
    /// </summary>
    /// <param name="text">A complete answer, without reasoning.</param>
    /// <param name="path">Where it goes; empty where that does not matter.</param>
    public static string OfAnswer(string text, string path = "")
    {
        text = text.TrimStart('\uFEFF');
        return Ended(Only(text) is var (block, outside) && IsTheAnswer(block, outside, path) ? block.Text : WithoutBlankLinesAround(text));
    }

    /// <summary>Whether a file of this name holds Markdown, in which a code block is a part of the text.</summary>
    public static bool IsMarkdown(string path) => MarkdownFiles.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static (FencedBlock Block, IReadOnlyList<string> Outside)? Only(string text)
    {
        var read = FencedText.Of(text);
        if (read.Blocks.Any(block => block.IsMarkdown) && !read.Blocks[^1].IsClosed && FencedText.Of(text, nested: true) is { Blocks: [{ IsClosed: true }] } inPairs)
            read = inPairs;
        return read.Blocks is [var only] && (only.IsClosed || !string.IsNullOrWhiteSpace(only.Text) || read.Outside.All(string.IsNullOrWhiteSpace)) ? (only, read.Outside) : null;
    }

    private static bool IsTheAnswer(FencedBlock block, IReadOnlyList<string> outside, string path) =>
        !IsMarkdown(path)
        || block.IsMarkdown
        || outside.All(string.IsNullOrWhiteSpace)
        || (block.Info.Length == 0 && !outside.Any(line => line.StartsWith('#')));

    private static string WithoutBlankLinesAround(string text)
    {
        var ink = text.Length - text.AsSpan().TrimStart().Length;
        return text[(text.AsSpan(0, ink).LastIndexOf('\n') + 1)..].TrimEnd();
    }

    private static string Ended(string text) =>
        string.IsNullOrWhiteSpace(text) ? "" : text.TrimEnd('\r', '\n') + (text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n");
}
