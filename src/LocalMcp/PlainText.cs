namespace LocalMcp;

/// <summary>
/// Text without what could command a terminal or turn words around: control characters but line feed and tab, and the marks that change the direction
/// of writing. What models and servers say passes here before it is shown beside our own words.
/// </summary>
internal static class PlainText
{
    public static string Of(string text) => text.Any(IsHarmful) ? string.Concat(text.Where(c => !IsHarmful(c))) : text;

    /// <summary>Whether a character does something else than to stand there.</summary>
    public static bool IsHarmful(char c) => (char.IsControl(c) && c is not ('\n' or '\t')) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
