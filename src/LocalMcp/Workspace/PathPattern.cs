using System.Text;

namespace LocalMcp.Workspace;

/// <summary>
/// One line in the language of .gitignore, tried on one path. Source: gitignore(5). Paths are relative, with single slashes.
/// A match takes time by the length of the path times the length of the pattern, whatever they are: nothing is tried twice.
/// </summary>
internal sealed class PathPattern
{
    private readonly GlobPart[] parts;
    private readonly string head;
    private readonly string tail;
    private readonly bool plainEnds;
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
        parts = text.Length == 0 ? [GlobPart.Never] : GlobPart.Read(text.StartsWith('/') ? text[1..] : text);
        head = GlobPart.Letters(parts.TakeWhile(part => part.IsLetter));
        tail = GlobPart.Letters(parts.Reverse().TakeWhile(part => part.IsLetter).Reverse());
        plainEnds = Ascii.IsValid(head) && Ascii.IsValid(tail);
    }

    /// <summary>Whether it began with <c>!</c>: in a list, it takes back what earlier ones matched.</summary>
    public bool IsNegated { get; }

    /// <summary>Reads one line. Every text is a pattern; one that git cannot read, like <c>[a</c>, matches nothing. A leading # is no comment here.</summary>
    public static PathPattern Parse(string pattern, bool ignoreCase) => new(pattern, ignoreCase);

    /// <summary>Whether it matches this path itself; for what lies in a folder that it matches, <see cref="Covers"/>.</summary>
    /// <param name="relativePath">From the folder that the pattern is for; without a leading or trailing slash.</param>
    /// <param name="isFolder">Whether the path is that of a folder: a pattern that ends with a slash matches nothing else.</param>
    public bool Matches(ReadOnlySpan<char> relativePath, bool isFolder)
    {
        if (relativePath.Length == 0 || (foldersOnly && !isFolder))
            return false;
        var text = anyDepth ? relativePath[(relativePath.LastIndexOf('/') + 1)..] : relativePath;
        return MayMatch(text) && IsMatch(text);
    }

    /// <summary>Whether it matches the path, or a folder above it.</summary>
    public bool Covers(string relativePath, bool isFolder)
    {
        for (var slash = relativePath.IndexOf('/'); slash >= 0; slash = relativePath.IndexOf('/', slash + 1))
        {
            if (Matches(relativePath.AsSpan(0, slash), isFolder: true))
                return true;
        }
        return Matches(relativePath, isFolder);
    }

    // Most patterns are told apart from most paths by their ends; where letters have several cases or codes, it is left to the whole comparison.
    private bool MayMatch(ReadOnlySpan<char> text)
    {
        if (!plainEnds || !Ascii.IsValid(text))
            return true;
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return text.StartsWith(head, comparison) && text.EndsWith(tail, comparison);
    }

    // All the places in the pattern where one can be are followed at once.
    private bool IsMatch(ReadOnlySpan<char> text)
    {
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

    // What can be left away is: one is behind it as well. Not by calling itself: a pattern may have as many of these as a file has room for.
    private void Enter(bool[] places, int place)
    {
        while (!places[place])
        {
            places[place] = true;
            if (place == parts.Length || parts[place].Skips is not { } far)
                return;
            // Those in between take letters: one is at them, and they lead no further yet.
            for (var between = place + 1; between < place + far; between++)
                places[between] = true;
            place += far;
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
