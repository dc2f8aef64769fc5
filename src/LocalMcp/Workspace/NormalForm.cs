using System.Text;

namespace LocalMcp.Workspace;

/// <summary>
/// One text, two spellings: é is one code, or e and a mark. Names from a Mac often have the second spelling, and models write the first. The runtime's own normalization
/// does nothing in a program without culture data, which this is.
/// </summary>
internal static partial class NormalForm
{
    private const int FirstHangul = 0xAC00;
    private const int HangulCount = 11_172;

    private static readonly Lazy<Dictionary<char, (char Base, char Mark)>> Parts = new(ReadTable);

    /// <summary>The text with every letter taken apart into letter and marks, the marks in the order of the standard: equal for both spellings of a name.</summary>
    public static string Decomposed(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var apart = new StringBuilder(text.Length + 8);
        foreach (var letter in text)
            Add(letter, apart);
        return Ordered(apart.ToString());
    }

    private static Dictionary<char, (char Base, char Mark)> ReadTable()
    {
        var parts = new Dictionary<char, (char Base, char Mark)>();
        foreach (var (mark, pairs) in Table)
        {
            for (var i = 0; i < pairs.Length; i += 2)
                parts.Add(pairs[i + 1], (pairs[i], mark));
        }
        return parts;
    }

    private static void Add(char letter, StringBuilder apart)
    {
        if (letter - FirstHangul is >= 0 and < HangulCount and var hangul)
        {
            apart.Append((char)(0x1100 + hangul / 588)).Append((char)(0x1161 + hangul % 588 / 28));
            if (hangul % 28 > 0)
                apart.Append((char)(0x11A7 + hangul % 28));
        }
        else if (Parts.Value.TryGetValue(letter, out var parts))
        {
            Add(parts.Base, apart);
            apart.Append(parts.Mark);
        }
        else
            apart.Append(letter);
    }

    private static string Ordered(string text)
    {
        var letters = text.ToCharArray();
        for (var start = 0; start < letters.Length; start++)
        {
            var end = start;
            while (end < letters.Length && Place(letters[end]) > 0)
                end++;
            if (end - start < 2)
                continue;
            letters[start..end].OrderBy(Place).ToArray().CopyTo(letters, start);
            start = end;
        }
        return new string(letters);
    }

    // The canonical combining class of a mark; 0 for what is no mark.
    private static int Place(char mark) => mark switch
    {
        '\u0338' => 1,
        '\u3099' or '\u309A' => 8,
        '\u0327' or '\u0328' => 202,
        '\u031B' => 216,
        (>= '\u0323' and <= '\u0326') or (>= '\u032D' and <= '\u0331') or '\u0655' => 220,
        '\u0345' => 240,
        (>= '\u0300' and < '\u0370') or '\u0653' or '\u0654' => 230,
        _ => 0,
    };
}
