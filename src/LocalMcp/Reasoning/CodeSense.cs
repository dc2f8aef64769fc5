namespace LocalMcp.Reasoning;

/// <summary>
/// Where code and quotations are in a text, as far as it has been read: fenced blocks and code spans as in CommonMark, with the liberties that
/// models take (a fence behind a list's bullet, or at the end of a line), and strings as programs write them, with prefix and escapes, since
/// models also write code without fences. Quotations and spans of one or two backticks do not go beyond their line.
/// </summary>
internal struct CodeSense()
{
    private char fence;
    private int fenceLength;
    private bool onFenceLine;
    private bool closingFence;
    private char run;
    private int runLength;
    private bool runBeginsLine;
    private char longString;
    private int marks;
    private bool escaped;
    private bool apostrophe;
    private int letters;
    private bool onlyPrefix = true;
    private bool inBlockQuote;
    private bool noSpans;
    private bool noQuotes;
    private int indent;
    private char before = '\n';
    private char ink = '\n';

    /// <summary>Backticks that opened the code span that is being read; 0 outside of one.</summary>
    public int Span { get; private set; }

    /// <summary>The character that closes the quotation that is being read; none outside of one.</summary>
    public char Quote { get; private set; }

    /// <summary>How many blocks have begun so far.</summary>
    public int Fences { get; private set; }

    /// <summary>The block in which the beginning of another one was read: it may have been the end of this one's code that was forgotten. 0: none.</summary>
    public int BrokenFence { get; private set; }

    /// <summary>In a fenced block, or in a string of many lines: what may never be closed.</summary>
    public readonly bool InBlock => (fence != 0 && !closingFence) || longString != 0;

    /// <summary>Marks that have no width and no meaning at the beginning of a line: byte order mark, zero-width space and joiners, word joiner.</summary>
    public static bool IsInvisible(char c) => c is '\uFEFF' or '\u200B' or '\u200C' or '\u200D' or '\u2060';

    /// <summary>Reads one character of text.</summary>
    public void Take(char c)
    {
        if (runLength > 0 && c != run)
            EndRun(c);
        if (c == '\n')
        {
            BeginLine();
            return;
        }
        if (longString == 0 && c is '`' or '~')
            TakeFence(c);
        else if (Span == 0 && fence == 0)
            TakeQuote(c);
        inBlockQuote |= indent >= 0 && c == '>';
        if (indent >= 0)
            indent = c switch { ' ' => indent + 1, '\t' => indent + 4, _ => IsInvisible(c) ? indent : -1 };
        onlyPrefix = onlyPrefix && (c is ' ' or '\t' or '>' or '-' or '*' or '+' or '.' or ')' || char.IsAsciiDigit(c) || c == run);
        closingFence = closingFence && char.IsWhiteSpace(c);
        letters = char.IsLetterOrDigit(c) ? letters + 1 : 0;
        escaped = c == '\\' && !escaped;
        (before, ink) = (c, char.IsWhiteSpace(c) ? ink : c);
    }

    /// <summary>Reads a marker that stays in the text, by its last character: none contains what code and quotations are made of.</summary>
    public void TakeMarker(char last)
    {
        EndRun(last);
        (onlyPrefix, closingFence, escaped, apostrophe, letters, marks, indent) = (false, false, false, false, 0, 0, -1);
        (before, ink) = (last, last);
    }

    /// <summary>Ends a run of backticks, which more of them could have made longer.</summary>
    /// <param name="next">The character behind it.</param>
    public void EndRun(char next = '\n')
    {
        if (runLength == 0)
            return;
        if (fence != 0 && onFenceLine)
        {
            // A second run on the same line: it was a span of code, no fence.
            if (run == fence && runLength == fenceLength)
                fence = '\0';
        }
        else if (fence != 0)
        {
            var counts = runBeginsLine && run == fence && runLength >= fenceLength;
            closingFence = counts;
            if (counts && char.IsLetter(next))
                BrokenFence = Fences;
        }
        else if (runBeginsLine && runLength >= 3)
            (fence, fenceLength, onFenceLine, Quote, Fences) = (run, runLength, true, '\0', Fences + 1);
        else if (run == '`' && Span == 0)
            Span = noSpans ? 0 : runLength;
        else if (run == '`' && Span == runLength)
            Span = 0;
        runLength = 0;
    }

    /// <summary>Where a marker stands that comes next and is followed by this character.</summary>
    /// <param name="after">The character behind it.</param>
    /// <param name="inSpan">Whether the span or the quotation in which it stands is known to be closed behind it.</param>
    public readonly Standing At(char after, bool inSpan) =>
        new(InBlock || Span >= 3 || inBlockQuote || inSpan, inSpan, onlyPrefix && indent < 0, indent, before, ink, after);

    /// <summary>The line has ended without the backticks or the quotation mark that would close what is open: it was none.</summary>
    public void NothingOpen()
    {
        (noSpans, noQuotes) = (noSpans || Span > 0, noQuotes || Span == 0);
        if (Span > 0)
            Span = 0;
        else
            Quote = '\0';
    }

    /// <summary>What comes next begins a line, whatever stood before it.</summary>
    public void BeginLine()
    {
        // Three backticks at the end of a line open a block, wherever they stand.
        if (Span >= 3)
            (fence, fenceLength, Fences) = ('`', Span, Fences + 1);
        if (closingFence)
            fence = '\0';
        (onFenceLine, closingFence, onlyPrefix, noSpans, noQuotes, inBlockQuote) = (false, false, true, false, false, false);
        (marks, escaped, apostrophe, letters) = (0, false, false, 0);
        (Span, Quote, indent, before) = (0, '\0', 0, '\n');
    }

    /// <summary>Whether this character closes the quotation that is being read. One that begins low ends with either of the high marks.</summary>
    public readonly bool Closes(char c) => c == Quote || (Quote == '“' && c == '”');

    private void TakeFence(char c)
    {
        if (runLength == 0)
            (run, runBeginsLine) = (c, onlyPrefix);
        runLength++;
    }

    private void TakeQuote(char c)
    {
        if (apostrophe && char.IsLetterOrDigit(c))
            Quote = '\'';
        apostrophe = false;
        marks = c is '"' or '\'' && !escaped ? (c == before ? marks + 1 : 1) : 0;
        if (marks == 3)
        {
            // Three begin or end a string of many lines.
            Fences += longString == 0 ? 1 : 0;
            longString = longString == c ? '\0' : longString == 0 ? c : longString;
            Quote = '\0';
        }
        else if (longString != 0 || (escaped && c is '"' or '\''))
            return;
        else if (Quote != 0)
        {
            if (!Closes(c))
                return;
            // One between letters is an apostrophe, after all.
            apostrophe = c == '\'' && char.IsLetterOrDigit(before);
            Quote = '\0';
        }
        else if (!noQuotes)
            Quote = c switch
            {
                '"' or '\'' when OpensString() => c,
                '“' => '”',
                '„' => '“',
                '«' => '»',
                _ => '\0',
            };
    }

    // Behind a letter or the end of a sentence it closes; strings of programs can have a prefix of one or two letters.
    private readonly bool OpensString() => char.IsLetterOrDigit(before)
        ? letters <= 2 && before is 'r' or 'R' or 'f' or 'F' or 'b' or 'B' or 'u' or 'U' or 'L'
        : before is not ('.' or '!' or '?' or '…');
}
