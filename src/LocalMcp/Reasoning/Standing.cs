namespace LocalMcp.Reasoning;

/// <summary>Where in its text a marker stands: what tells one that a model wrote as a marker from one that it writes about.</summary>
/// <param name="InCode">Whether it stands in a fenced block, as far as has been read: the block may never be closed.</param>
/// <param name="Indent">Columns of white space before it, if nothing else is before it on its line; else -1.</param>
/// <param name="Before">The character before it; a line feed at the beginning.</param>
/// <param name="Ink">The last character before it that is not white space; a line feed at the beginning.</param>
/// <param name="After">The character behind it; a line feed at the end.</param>
internal readonly record struct Standing(bool InCode, int Indent, char Before, char Ink, char After)
{
    /// <summary>At the beginning of a line. Four columns make a line of code.</summary>
    public bool BeginsLine => Indent is >= 0 and < 4;

    /// <summary>A line of code by its indentation.</summary>
    public bool Indented => Indent >= 4;

    public bool EndsLine => After is '\n' or '\r';

    /// <summary>
    /// In the middle of a sentence, with a space before it and a space or a punctuation mark behind, or in brackets, as words are. A marker
    /// stands at the edge of a line, at the end of a sentence, or close to the text before or behind it.
    /// </summary>
    public bool Mentioned => Indent < 0 && (Before is '(' or '{' || (char.IsWhiteSpace(Before) && !EndsSentence && After is ' ' or '.' or ',' or ';' or ':' or '!' or '?' or ')'));

    /// <summary>Whether what stands before it has come to an end, as a thought has before its closing marker.</summary>
    public bool EndsSentence => Ink is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '\n';
}
