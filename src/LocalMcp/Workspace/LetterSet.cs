using System.Text;

namespace LocalMcp.Workspace;

/// <summary>The letters between brackets in a pattern: <c>[abc]</c>, <c>[a-z]</c>, <c>[!a]</c>, <c>[[:digit:]]</c>.</summary>
internal sealed class LetterSet
{
    private readonly List<(int First, int Last)> ranges = [];
    private readonly List<Func<Rune, bool>> classes = [];
    private bool isNegated;

    // Where the next closing bracket is, from the last place that was asked about: a long pattern is looked through once, and not once for each bracket.
    private int closing = -1;

    /// <summary>Whether the letter is one of them.</summary>
    public bool Has(Rune letter, bool ignoreCase) =>
        (HasExactly(letter) || (ignoreCase && (HasExactly(Rune.ToLowerInvariant(letter)) || HasExactly(Rune.ToUpperInvariant(letter))))) != isNegated;

    /// <summary>Reads a set that begins at <paramref name="place"/>, and leaves that behind its end; null where it does not end, or names a class that is not there.</summary>
    public static LetterSet? Read(string text, ref int place)
    {
        var set = new LetterSet();
        var i = place + 1;
        if (i < text.Length && text[i] is '!' or '^')
        {
            set.isNegated = true;
            i++;
        }
        for (var first = true; i < text.Length; first = false)
        {
            if (text[i] == ']' && !first)
            {
                place = i + 1;
                return set;
            }
            if (text[i] == '[' && i + 1 < text.Length && text[i + 1] == ':')
            {
                if (!set.ReadClass(text, ref i))
                    return null;
            }
            else if (!set.ReadRange(text, ref i))
                return null;
        }
        return null;
    }

    private bool HasExactly(Rune letter) => ranges.Exists(range => letter.Value >= range.First && letter.Value <= range.Last) || classes.Exists(isOne => isOne(letter));

    private bool ReadRange(string text, ref int i)
    {
        if (!ReadLetter(text, ref i, out var first))
            return false;
        var last = first;
        if (i + 1 < text.Length && text[i] == '-' && text[i + 1] != ']')
        {
            i++;
            if (!ReadLetter(text, ref i, out last))
                return false;
        }
        ranges.Add((first.Value, last.Value));
        return true;
    }

    private static bool ReadLetter(string text, ref int i, out Rune letter)
    {
        letter = default;
        i += text[i] == '\\' ? 1 : 0;
        if (i >= text.Length)
            return false;
        Rune.DecodeFromUtf16(text.AsSpan(i), out letter, out var length);
        i += length;
        return true;
    }

    private bool ReadClass(string text, ref int i)
    {
        if (closing < i + 2)
            closing = text.IndexOf(']', i + 2);
        var end = closing;
        if (end < 0)
            return false;
        if (end < i + 3 || text[end - 1] != ':')
            return ReadRange(text, ref i);
        Func<Rune, bool>? isOne = text[(i + 2)..(end - 1)] switch
        {
            "alnum" => letter => letter.IsAscii && Rune.IsLetterOrDigit(letter),
            "alpha" => letter => letter.IsAscii && Rune.IsLetter(letter),
            "blank" => letter => letter.Value is ' ' or '\t',
            "cntrl" => letter => letter.Value is < 32 or 127,
            "digit" => letter => letter.Value is >= '0' and <= '9',
            "graph" => letter => letter.Value is > 32 and < 127,
            "lower" => letter => letter.Value is >= 'a' and <= 'z',
            "print" => letter => letter.Value is >= 32 and < 127,
            "punct" => letter => letter.Value is > 32 and < 127 && !Rune.IsLetterOrDigit(letter),
            "space" => letter => letter.Value is ' ' or (>= 9 and <= 13),
            "upper" => letter => letter.Value is >= 'A' and <= 'Z',
            "xdigit" => letter => letter.IsAscii && char.IsAsciiHexDigit((char)letter.Value),
            _ => null,
        };
        if (isOne is null)
            return false;
        classes.Add(isOne);
        i = end + 1;
        return true;
    }
}
