using System.Text;

namespace LocalMcp.Workspace;

/// <summary>One part of a pattern: what it takes of a path.</summary>
/// <param name="Kind">How it takes.</param>
/// <param name="Letter">The letter that it takes, where it takes one.</param>
/// <param name="Set">The letters that it takes, where it takes one of several.</param>
internal sealed record GlobPart(GlobPart.Takes Kind, Rune Letter = default, LetterSet? Set = null)
{
    internal enum Takes
    {
        Nothing,
        OneLetter,
        OneOfSet,
        OneOfSegment,
        ManyOfSegment,

        /// <summary>Everything, slashes included.</summary>
        Everything,

        /// <summary>Before <see cref="Folders"/>, which may be left away.</summary>
        MaybeFolders,

        /// <summary>Whole folders, each with its slash.</summary>
        Folders,
    }

    /// <summary>Matches no path: a pattern that is empty or cannot be read.</summary>
    public static GlobPart Never { get; } = new(Takes.Nothing);

    /// <summary>Whether it is one certain letter.</summary>
    public bool IsLetter => Kind == Takes.OneLetter;

    /// <summary>How many parts further one can be without taking a letter; null where it has to take one.</summary>
    public int? Skips => Kind switch { Takes.ManyOfSegment or Takes.Everything => 1, Takes.MaybeFolders => 2, _ => null };

    /// <summary>Whether one is still in this part after a letter, and whether one may be in the next one.</summary>
    public (bool Stays, bool GoesOn) On(Rune letter, bool ignoreCase) => Kind switch
    {
        Takes.OneLetter => (false, letter == Letter || (ignoreCase && Rune.ToLowerInvariant(letter) == Rune.ToLowerInvariant(Letter))),
        Takes.OneOfSet => (false, letter.Value != '/' && Set!.Has(letter, ignoreCase)),
        Takes.OneOfSegment => (false, letter.Value != '/'),
        Takes.ManyOfSegment => (letter.Value != '/', false),
        Takes.Everything => (true, false),
        Takes.Folders => (true, letter.Value == '/'),
        _ => (false, false),
    };

    /// <summary>The text that parts take which are certain letters.</summary>
    public static string Letters(IEnumerable<GlobPart> parts) => string.Concat(parts.Select(part => part.Letter.ToString()));

    /// <summary>The parts of a pattern without the slashes at its ends.</summary>
    public static GlobPart[] Read(string text)
    {
        List<GlobPart> parts = [];
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '*')
                i = ReadStars(text, i, parts);
            else if (text[i] == '[')
            {
                if (LetterSet.Read(text, ref i) is not { } set)
                    return [Never];
                parts.Add(new GlobPart(Takes.OneOfSet, default, set));
            }
            else if (text[i] == '?')
            {
                parts.Add(new GlobPart(Takes.OneOfSegment));
                i++;
            }
            else
            {
                i += text[i] == '\\' ? 1 : 0;
                if (i == text.Length)
                    return [Never];
                Rune.DecodeFromUtf16(text.AsSpan(i), out var letter, out var length);
                parts.Add(new GlobPart(Takes.OneLetter, letter));
                i += length;
            }
        }
        return [.. parts];
    }

    // Two stars or more are special only where they fill a whole name.
    private static int ReadStars(string text, int start, List<GlobPart> parts)
    {
        var end = start;
        while (end < text.Length && text[end] == '*')
            end++;
        var whole = end - start > 1 && (start == 0 || text[start - 1] == '/');
        if (whole && (end == text.Length || text.AsSpan(end).StartsWith(@"\/", StringComparison.Ordinal)))
            parts.Add(new GlobPart(Takes.Everything));
        else if (whole && text[end] == '/')
        {
            parts.AddRange([new GlobPart(Takes.MaybeFolders), new GlobPart(Takes.Folders)]);
            end++;
        }
        else
            parts.Add(new GlobPart(Takes.ManyOfSegment));
        return end;
    }
}
