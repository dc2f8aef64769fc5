using System.Text;

namespace LocalMcp.Workspace;

/// <summary>A file's text as it can travel: \n at its line ends, and nothing in it that JSON, a terminal or a tokenizer trips over.</summary>
internal static class TidyText
{
    /// <summary>
    /// \r\n becomes \n; so does a lone \r where the text has no \n at all, as on old Macs. Elsewhere a lone \r is no line end, for then the lines would be others
    /// than those that grep and editors count. Control characters but tabs become Unicode's pictures of them, half surrogate pairs and the controls beyond ASCII �.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Contains('\r'))
            text = text.Contains('\n') ? text.Replace("\r\n", "\n", StringComparison.Ordinal) : text.Replace('\r', '\n');
        var odd = FirstOdd(text, 0);
        if (odd < 0)
            return text;
        var tidy = new StringBuilder(text.Length);
        var from = 0;
        for (; odd >= 0; from = odd + 1, odd = FirstOdd(text, from))
            tidy.Append(text, from, odd - from).Append(Picture(text[odd]));
        return tidy.Append(text, from, text.Length - from).ToString();
    }

    private static int FirstOdd(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\t'))
                return i;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return i;
            i++;
        }
        return -1;
    }

    // Unicode's block of control pictures has one for each of the 32, in their order, and one for DEL.
    private static char Picture(char odd) => odd switch
    {
        < ' ' => (char)(0x2400 + odd),
        '\x7F' => '\u2421',
        _ => '\uFFFD',
    };
}
