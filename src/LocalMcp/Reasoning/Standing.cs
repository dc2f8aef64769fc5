namespace LocalMcp.Reasoning;

/// <summary>Where in its text a marker stands: what tells one that a model wrote as a marker from one that it writes about.</summary>
/// <param name="InCode">
/// Whether it stands in a fenced block, as far as has been read (the block may never be closed), in a block quotation, or in a span of code or a
/// string that is closed behind it.
/// </param>
/// <param name="InSpan">The latter.</param>
/// <param name="InPrefix">Whether nothing but the bullet or the number of a list stands before it on its line.</param>
/// <param name="Indent">Columns of white space before it, if nothing else is before it on its line; else -1.</param>
/// <param name="Before">The character before it; a line feed at the beginning.</param>
/// <param name="Ink">The last character before it that is not white space; a line feed at the beginning.</param>
/// <param name="After">The character behind it; a line feed at the end.</param>
internal readonly record struct Standing(bool InCode, bool InSpan, bool InPrefix, int Indent, char Before, char Ink, char After)
{
    /// <summary>At the beginning of a line. Four columns make a line of code.</summary>
    public bool BeginsLine => Indent is >= 0 and < 4;

    /// <summary>A line of code by its indentation.</summary>
    public bool Indented => Indent >= 4;

    public bool EndsLine => After is '\n' or '\r';

    /// <summary>With nothing else on its line: as models write their markers.</summary>
    public bool OwnLine => BeginsLine && EndsLine;

    /// <summary>
    /// In the middle of a sentence, with a space before it and a space or a punctuation mark behind, or in brackets or emphasis, as words are. A
    /// marker stands at the edge of a line, at the end of a sentence, or close to the text before or behind it.
    /// </summary>
    public bool IsWord => Indent < 0 && (Enclosed || Before == '=' || After is ')' or ']' or '}' or ',' or ';' or '\\' || (InPrefix && Before is '-' or '+' or '>') || (char.IsWhiteSpace(Before) && !EndsSentence && EndsWord));

    /// <summary>Behind it comes what comes behind a word of a sentence.</summary>
    public bool EndsWord => After is ' ' or '.' or '…' or ',' or ';' or ':' or '!' or '?' or ')';

    /// <summary>Behind it comes what an answer can begin with, or a new line.</summary>
    public bool BeginsAnswer => EndsLine || char.IsLetterOrDigit(After) || After is '#' or '*' or '`' or '"' or '-';

    /// <summary>On a line of its own the value of something, or the end of an unfinished sentence: <c>end: &lt;/think&gt;</c>.</summary>
    public bool Hangs => Indent < 0 && char.IsWhiteSpace(Before) && !EndsSentence && Ink is not ('`' or '"' or '”' or ')' or '*');

    /// <summary>Whether what stands before it has come to an end, as a thought has before its closing marker.</summary>
    public bool EndsSentence => !InPrefix && Ink is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '\n';

    private bool Enclosed => Before is '(' or '{' || (Before == After && Before is '*' or '_' or '\'' or '`' or '|' or '~' or '/') || (Before, After) is ('[', ']') or ('‘', '’');
}
