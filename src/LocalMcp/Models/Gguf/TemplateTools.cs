namespace LocalMcp.Models.Gguf;

/// <summary>Whether a chat template takes tools: whether an expression or a statement of it uses the variable <c>tools</c>, outside of quotes.</summary>
internal static class TemplateTools
{
    /// <summary>Null without a template.</summary>
    public static bool? Takes(string? template) => template is null ? null : Takes(template.AsSpan());

    private static bool Takes(ReadOnlySpan<char> rest)
    {
        while (rest.IndexOf('{') is >= 0 and var brace)
        {
            rest = rest[(brace + 1)..];
            if (rest is ['{' or '%', ..])
            {
                if (Uses(rest[1..], out var after))
                    return true;
                rest = rest[(1 + after)..];
            }
            else if (rest is ['#', ..])
                rest = rest.IndexOf("#}") is >= 0 and var end ? rest[end..] : [];
        }
        return false;
    }

    // From within an expression to its end.
    private static bool Uses(ReadOnlySpan<char> code, out int end)
    {
        for (end = 0; end < code.Length; end++)
        {
            if (code[end] is '\'' or '"')
            {
                end += QuoteLength(code[end..]);
            }
            else if (code[end] is '}' or '%' && end + 1 < code.Length && code[end + 1] == '}')
            {
                return false;
            }
            else if (char.IsAsciiLetter(code[end]) || code[end] == '_')
            {
                var word = WordLength(code[end..]);
                // Ollama's templates are Go's: .Tools.
                if (code.Slice(end, word) is "tools" or "Tools")
                    return true;
                end += word - 1;
            }
        }
        return false;
    }

    // How far it is from a quotation mark to its partner, or to the end.
    private static int QuoteLength(ReadOnlySpan<char> code)
    {
        for (var at = 1; at < code.Length; at++)
        {
            if (code[at] == '\\')
                at++;
            else if (code[at] == code[0])
                return at;
        }
        return code.Length - 1;
    }

    private static int WordLength(ReadOnlySpan<char> code)
    {
        var length = 1;
        while (length < code.Length && (char.IsAsciiLetterOrDigit(code[length]) || code[length] == '_'))
            length++;
        return length;
    }
}
