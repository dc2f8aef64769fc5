namespace LocalMcp.Chat.Budget;

/// <summary>Counts the <see cref="TextTrait">traits</see> of texts, in one pass over each.</summary>
internal sealed class TextTally
{
    private const int LeastBlob = 4;
    private const int LeastRule = 4;
    private const int BlankGroup = 16;
    private const int LongestIndentation = 40;
    private const int LongestRepeat = 16;

    private readonly int[] counts = new int[Traits];

    public const int Traits = (int)TextTrait.OtherFourBytes + 1;

    /// <summary>Bytes in UTF-8. No tokenizer makes more tokens of a text than it has bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>A tally that was made before.</summary>
    public static TextTally Of(long bytes, IReadOnlyList<int> counts)
    {
        var tally = new TextTally { Bytes = bytes };
        for (var trait = 0; trait < Traits; trait++)
            tally.counts[trait] = counts[trait];
        return tally;
    }

    public int this[TextTrait trait] => counts[(int)trait];

    /// <summary>Adds a text. What runs on from the text before is counted as beginning anew.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        Bytes += System.Text.Encoding.UTF8.GetByteCount(text);
        for (var at = 0; at < text.Length;)
            at += Take(text[at..]);
    }

    // How many characters are counted with the first one.
    private int Take(ReadOnlySpan<char> text) => text[0] switch
    {
        var c when char.IsAsciiLetterOrDigit(c) => Word(text[..Length(text, char.IsAsciiLetterOrDigit)]),
        ' ' or '\t' or '\n' or '\r' => Space(text),
        > ' ' and < '\u007f' => Mark(text),
        var c => Other(c, text),
    };

    private void Count(TextTrait trait, int by = 1) => counts[(int)trait] += by;

    private int Run(ReadOnlySpan<char> text, TextTrait runs, TextTrait characters, Func<char, bool> belongs)
    {
        var length = Length(text, belongs);
        Count(runs);
        Count(characters, length);
        return length;
    }

    private int Space(ReadOnlySpan<char> text)
    {
        var length = Length(text, c => c is ' ' or '\t' or '\n' or '\r');
        if (length > LongestIndentation)
            Count(TextTrait.LongRuns, length);
        for (var at = 0; at < length && length <= LongestIndentation;)
        {
            at += text[at] switch
            {
                ' ' => Blank(text[at..]),
                '\t' => Run(text[at..], TextTrait.TabRuns, TextTrait.Tabs, c => c is '\t'),
                _ => Run(text[at..], TextTrait.LineRuns, TextTrait.Lines, c => c is '\n' or '\r'),
            };
        }
        return length;
    }

    private int Blank(ReadOnlySpan<char> text)
    {
        var length = Length(text, c => c is ' ');
        if (length > 1)
        {
            Count(TextTrait.BlankRuns);
            Count(TextTrait.BlankGroups, Groups(length, BlankGroup));
            Count(TextTrait.Blanks, length);
        }
        else if (text.Length > 1 && char.IsAsciiDigit(text[1]))
            Count(TextTrait.BlankBeforeDigit);
        else if (text.Length > 1 && !char.IsAscii(text[1]))
            Count(TextTrait.BlankBeforeOther);
        return length;
    }

    private int Mark(ReadOnlySpan<char> text)
    {
        var same = text.IndexOfAnyExcept(text[0]) is >= 0 and var end ? end : text.Length;
        if (same >= LeastRule)
        {
            Count(TextTrait.Rules);
            Count(TextTrait.RuleCharacters, same);
            return same;
        }
        return Run(text, TextTrait.Marks, TextTrait.MarkCharacters, c => c is > ' ' and < '\u007f' && !char.IsAsciiLetterOrDigit(c));
    }

    private int Word(ReadOnlySpan<char> run)
    {
        if (Blob(run) is { } blob)
            Count(blob, run.Length);
        else
        {
            for (var at = 0; at < run.Length;)
                at += char.IsAsciiDigit(run[at]) ? Number(run[at..]) : Piece(run[at..]);
        }
        return run.Length;
    }

    // What changes between capitals, small letters and digits at every third character on average was not written to be read.
    private static TextTrait? Blob(ReadOnlySpan<char> run)
    {
        if (run.Length < LeastBlob)
            return null;
        var (changes, kinds) = (0, 0);
        for (var (at, last) = (0, 0); at < run.Length; at++)
        {
            var kind = char.IsAsciiDigit(run[at]) ? 1 : char.IsAsciiLetterLower(run[at]) ? 2 : 4;
            changes += last != 0 && kind != last ? 1 : 0;
            kinds |= kind;
            last = kind;
        }
        return changes * 3 <= run.Length ? null : (kinds & 6) == 6 ? TextTrait.MixedBlob : TextTrait.HexBlob;
    }

    private int Number(ReadOnlySpan<char> run)
    {
        var length = Length(run, char.IsAsciiDigit);
        if (IsRepeat(run[..length]))
            return length;
        Count(TextTrait.Numbers);
        Count(TextTrait.DigitGroups, Groups(length, 3));
        Count(TextTrait.Digits, length);
        return length;
    }

    private int Piece(ReadOnlySpan<char> run)
    {
        var capitals = Length(run, char.IsAsciiLetterUpper);
        var length = capitals + Length(run[capitals..], char.IsAsciiLetterLower);
        if (IsRepeat(run[..length]))
            return length;
        if (capitals == length && length > 1)
        {
            Count(TextTrait.CapitalPieces);
            Count(TextTrait.CapitalLetters, length);
            return length;
        }
        Count(length switch
        {
            1 => TextTrait.Piece1,
            <= 3 => TextTrait.Piece2To3,
            <= 6 => TextTrait.Piece4To6,
            <= 9 => TextTrait.Piece7To9,
            <= 13 => TextTrait.Piece10To13,
            _ => TextTrait.PieceLonger,
        });
        Count(TextTrait.LettersBeyond, Math.Max(0, length - 13));
        return length;
    }

    private bool IsRepeat(ReadOnlySpan<char> run)
    {
        if (run.Length <= LongestRepeat || run.ContainsAnyExcept(run[0]))
            return false;
        Count(TextTrait.LongRuns, run.Length);
        return true;
    }

    private int Other(char c, ReadOnlySpan<char> text)
    {
        var pair = text.Length > 1 && char.IsSurrogatePair(c, text[1]);
        Count(c switch
        {
            _ when pair => TextTrait.OtherFourBytes,
            < '\u0080' => TextTrait.OtherOneByte,
            >= '\u00c0' and <= '\u024f' => TextTrait.AccentedLatin,
            >= '\u0400' and <= '\u052f' => TextTrait.Cyrillic,
            < '\u0800' => TextTrait.OtherTwoBytes,
            >= '\u3400' and <= '\u9fff' => TextTrait.Ideographs,
            >= '\u3040' and <= '\u30ff' => TextTrait.Kana,
            (>= '\u3000' and <= '\u303f') or (>= '\uff00' and <= '\uff60') => TextTrait.WideMarks,
            _ => TextTrait.OtherThreeBytes,
        });
        return pair ? 2 : 1;
    }

    private static int Length(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < text.Length && belongs(text[length]))
            length++;
        return length;
    }

    private static int Groups(int length, int of) => (length + of - 1) / of;
}
