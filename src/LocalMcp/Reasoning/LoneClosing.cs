namespace LocalMcp.Reasoning;

/// <summary>
/// Finds a closing tag whose opening one the template wrote: outside of code, and with the end of a line before or behind it, as models
/// write it. A tag that an answer talks about stands in code or in the middle of a sentence.
/// </summary>
internal static class LoneClosing
{
    /// <summary>Where the first such tag begins and ends, or null.</summary>
    public static (int Start, int End)? Find(string text, IEnumerable<string> closings)
    {
        var known = closings.ToList();
        var (fenced, quoted) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (AtLineStart(text, i) && text.AsSpan(i).TrimStart(' ').StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
                i = Math.Max(i, text.IndexOf('\n', i) is var end and >= 0 ? end - 1 : text.Length);
                continue;
            }
            quoted = text[i] switch { '`' => !quoted, '\n' => false, _ => quoted };
            if (fenced || quoted || text[i] is not ('<' or '['))
                continue;
            if (known.FirstOrDefault(tag => text.AsSpan(i).StartsWith(tag, StringComparison.OrdinalIgnoreCase)) is { } found && EndsALine(text, i, i + found.Length))
                return (i, i + found.Length);
        }
        return null;
    }

    private static bool AtLineStart(string text, int at) => at == 0 || text[at - 1] == '\n';

    private static bool EndsALine(string text, int start, int end) =>
        AtLineStart(text, start) || end == text.Length || text[end] is '\n' or '\r';
}
