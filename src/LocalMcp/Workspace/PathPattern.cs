using System.Text;

namespace LocalMcp.Workspace;

/// <summary>
/// One line in the language of .gitignore, tried on one path. Source: gitignore(5). Paths are relative, with single slashes.
/// A match takes time by the length of the path times the length of the pattern, whatever they are: nothing is tried twice.
/// </summary>
internal sealed class PathPattern
{
    private readonly GlobPart[] parts;
    private readonly bool foldersOnly;
    private readonly bool anyDepth;
    private readonly bool ignoreCase;

    private PathPattern(string pattern, bool ignoreCase)
    {
        this.ignoreCase = ignoreCase;
        var text = WithoutTrailingSpaces(pattern);
        IsNegated = text.StartsWith('!');
        text = IsNegated ? text[1..] : text;
        foldersOnly = text.EndsWith('/');
        text = foldersOnly ? text[..^1] : text;
        anyDepth = !text.Contains('/');
        parts = text.Length == 0 ? [GlobPart.Never] : GlobPart.Read(text.StartsWith('/') ? text[1..] : text, ignoreCase);
    }

    /// <summary>Whether it began with <c>!</c>: in a list, it takes back what earlier ones matched.</summary>
    public bool IsNegated { get; }

    /// <summary>Reads one line. Every text is a pattern; one that git cannot read, like <c>[a</c>, matches nothing. A leading # is no comment here.</summary>
    public static PathPattern Parse(string pattern, bool ignoreCase) => new(pattern, ignoreCase);

    /// <summary>Whether it matches this path itself; for what lies in a folder that it matches, <see cref="Covers"/>.</summary>
    /// <param name="relativePath">From the folder that the pattern is for; without a leading or trailing slash.</param>
    /// <param name="isFolder">Whether the path is that of a folder: a pattern that ends with a slash matches nothing else.</param>
    public bool Matches(string relativePath, bool isFolder)
    {
        if (relativePath.Length == 0 || (foldersOnly && !isFolder))
            return false;
        return IsMatch(anyDepth ? relativePath.AsSpan(relativePath.LastIndexOf('/') + 1) : relativePath);
    }

    /// <summary>Whether it matches the path, or a folder above it.</summary>
    public bool Covers(string relativePath, bool isFolder)
    {
        for (var slash = relativePath.IndexOf('/'); slash >= 0; slash = relativePath.IndexOf('/', slash + 1))
        {
            if (Matches(relativePath[..slash], isFolder: true))
                return true;
        }
        return Matches(relativePath, isFolder);
    }

    // Most patterns of a list end or begin with another letter than the name that is tried.
    private bool MayMatch(ReadOnlySpan<char> text)
    {
        if (parts.Length == 0)
            return text.IsEmpty;
        Rune.DecodeFromUtf16(text, out var first, out _);
        Rune.DecodeLastFromUtf16(text, out var last, out _);
        return (parts[0].Kind != GlobPart.Takes.OneLetter || parts[0].On(first, ignoreCase).GoesOn) && (parts[^1].Kind != GlobPart.Takes.OneLetter || parts[^1].On(last, ignoreCase).GoesOn);
    }

    // All the places in the pattern where one can be are followed at once.
    private bool IsMatch(ReadOnlySpan<char> text)
    {
        if (!MayMatch(text))
            return false;
        var (now, next) = (new bool[parts.Length + 1], new bool[parts.Length + 1]);
        Enter(now, 0);
        foreach (var letter in text.EnumerateRunes())
        {
            Array.Clear(next);
            var alive = false;
            for (var place = 0; place < parts.Length; place++)
            {
                if (!now[place])
                    continue;
                var (stays, goesOn) = parts[place].On(letter, ignoreCase);
                if (stays)
                    Enter(next, place);
                if (goesOn)
                    Enter(next, place + 1);
                alive |= stays || goesOn;
            }
            if (!alive)
                return false;
            (now, next) = (next, now);
        }
        return now[parts.Length];
    }

    private void Enter(bool[] places, int place)
    {
        while (!places[place])
        {
            places[place] = true;
            if (place == parts.Length || parts[place].Skips is not { } far)
                return;
            if (far > 1)
                Enter(places, place + far);
            place++;
        }
    }

    private static string WithoutTrailingSpaces(string pattern)
    {
        var end = pattern.Length;
        while (end > 0 && pattern[end - 1] == ' ' && !IsEscaped(pattern, end - 1))
            end--;
        return pattern[..end];
    }

    private static bool IsEscaped(string pattern, int place)
    {
        var backslashes = 0;
        while (place - backslashes > 0 && pattern[place - backslashes - 1] == '\\')
            backslashes++;
        return backslashes % 2 == 1;
    }
}

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

    /// <summary>The parts of a pattern without the slashes at its ends.</summary>
    public static GlobPart[] Read(string text, bool ignoreCase)
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
        if (whole && end == text.Length)
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
