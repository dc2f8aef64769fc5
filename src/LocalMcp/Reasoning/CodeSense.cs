namespace LocalMcp.Reasoning;

/// <summary>
/// Where code and quotations are in a text, as far as it has been read: fenced blocks and code spans as in CommonMark, with the liberties that
/// models take (a fence behind a list's bullet, or at the end of a line). Quotations and spans of one or two backticks do not go beyond their line.
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
    private bool onlyPrefix = true;
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

    public readonly bool InFence => fence != 0 && !closingFence;

    /// <summary>Reads one character of text.</summary>
    public void Take(char c)
    {
        if (runLength > 0 && c != run)
            EndRun();
        if (c == '\n')
        {
            EndLine();
            return;
        }
        if (c is '`' or '~')
            TakeFence(c);
        else if (Span == 0 && fence == 0)
            TakeQuote(c);
        if (indent >= 0)
            indent = c switch { ' ' => indent + 1, '\t' => indent + 4, _ => IsInvisible(c) ? indent : -1 };
        onlyPrefix = onlyPrefix && (c is ' ' or '\t' or '>' or '-' or '*' or '+' or '.' or ')' || char.IsAsciiDigit(c) || c == run);
        closingFence = closingFence && char.IsWhiteSpace(c);
        (before, ink) = (c, char.IsWhiteSpace(c) ? ink : c);
    }

    /// <summary>Ends a run of backticks, which more of them could have made longer.</summary>
    public void EndRun()
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
            closingFence = runBeginsLine && run == fence && runLength >= fenceLength;
        else if (runBeginsLine && runLength >= 3)
            (fence, fenceLength, onFenceLine, Quote, Fences) = (run, runLength, true, '\0', Fences + 1);
        else if (run == '`' && Span == 0)
            Span = noSpans ? 0 : runLength;
        else if (run == '`' && Span == runLength)
            Span = 0;
        runLength = 0;
    }

    /// <summary>Where a marker stands that comes next and is followed by this character.</summary>
    public readonly Standing At(char after) => new(InFence || Span >= 3, indent, before, ink, after);

    /// <summary>The line has ended without the backticks or the quotation mark that would close what is open: it was none.</summary>
    public void NothingOpen()
    {
        (noSpans, noQuotes) = (noSpans || Span > 0, noQuotes || Span == 0);
        if (Span > 0)
            Span = 0;
        else
            Quote = '\0';
    }

    /// <summary>Whether this character closes the quotation that is being read. One that begins low ends with either of the high marks.</summary>
    public readonly bool Closes(char c) => c == Quote || (Quote == '“' && c == '”');

    /// <summary>What comes next begins a line, whatever stood before it.</summary>
    public void BeginLine() => EndLine();

    private void TakeFence(char c)
    {
        if (runLength == 0)
            (run, runBeginsLine) = (c, onlyPrefix);
        runLength++;
    }

    private void TakeQuote(char c)
    {
        if (Quote != 0)
        {
            if (Closes(c))
                Quote = '\0';
            return;
        }
        if (noQuotes)
            return;
        Quote = c switch
        {
            '"' when !char.IsLetterOrDigit(before) => c,
            '“' => '”',
            '„' => '“',
            '«' => '»',
            _ => '\0',
        };
    }

    private void EndLine()
    {
        // Three backticks at the end of a line open a block, wherever they stand.
        if (Span >= 3)
            (fence, fenceLength, Fences) = ('`', Span, Fences + 1);
        if (closingFence)
            fence = '\0';
        (onFenceLine, closingFence, onlyPrefix, noSpans, noQuotes) = (false, false, true, false, false);
        (Span, Quote, indent, before) = (0, '\0', 0, '\n');
    }

    // Marks that have no width and no meaning at the beginning of a line: byte order mark, zero-width space and joiners, word joiner.
    public static bool IsInvisible(char c) => c is '\uFEFF' or '\u200B' or '\u200C' or '\u200D' or '\u2060';
}
