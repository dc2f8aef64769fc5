namespace LocalMcp.Faults.Fuzzing;

/// <summary>
/// What a line of a .gitignore means, in the shortest way: every possibility is tried. Source: gitignore(5), and git's wildmatch for what it leaves open. For short ASCII texts, without
/// classes such as [[:alpha:]].
/// </summary>
internal static class NaivePattern
{
    public static bool CanTell(string line, string path) =>
        line.All(letter => letter is >= ' ' and <= '~') && path.All(letter => letter is >= ' ' and <= '~') && !line.Contains("[:", StringComparison.Ordinal) && line.Count(letter => letter == '*') < 8;

    public static bool Matches(string line, string path, bool isFolder)
    {
        var end = line.Length;
        while (end > 0 && line[end - 1] == ' ' && line[..(end - 1)].Reverse().TakeWhile(letter => letter == '\\').Count() % 2 == 0)
            end--;
        var pattern = line[..end];
        pattern = pattern.StartsWith('!') ? pattern[1..] : pattern;
        var foldersOnly = pattern.EndsWith('/');
        pattern = foldersOnly ? pattern[..^1] : pattern;
        if (pattern.Length == 0 || path.Length == 0 || (foldersOnly && !isFolder))
            return false;
        return pattern.Contains('/')
            ? Try(pattern, pattern[0] == '/' ? 1 : 0, path, 0)
            : Try(pattern, 0, path[(path.LastIndexOf('/') + 1)..], 0);
    }

    private static bool Try(string pattern, int p, string text, int t)
    {
        if (p == pattern.Length)
            return t == text.Length;
        if (pattern[p] == '*')
            return TryStars(pattern, p, text, t);
        if (t == text.Length)
            return false;
        if (pattern[p] == '?')
            return text[t] != '/' && Try(pattern, p + 1, text, t + 1);
        if (pattern[p] == '[')
            return End(pattern, p) is { } end && text[t] != '/' && IsIn(pattern[(p + 1)..end], text[t]) && Try(pattern, end + 1, text, t + 1);
        p += pattern[p] == '\\' ? 1 : 0;
        return p < pattern.Length && pattern[p] == text[t] && Try(pattern, p + 1, text, t + 1);
    }

    private static bool TryStars(string pattern, int p, string text, int t)
    {
        var end = p;
        while (end < pattern.Length && pattern[end] == '*')
            end++;
        var begins = end - p > 1 && (p == 0 || pattern[p - 1] == '/');
        if (begins && end < pattern.Length && pattern[end] == '/')
            return Try(pattern, end + 1, text, t) || Enumerable.Range(t, text.Length - t).Any(next => text[next] == '/' && Try(pattern, end + 1, text, next + 1));
        var everything = begins && (end == pattern.Length || pattern.AsSpan(end).StartsWith("\\/", StringComparison.Ordinal));
        for (var next = t; next <= text.Length; next++)
        {
            if (Try(pattern, end, text, next))
                return true;
            if (next < text.Length && text[next] == '/' && !everything)
                return false;
        }
        return false;
    }

    private static int? End(string pattern, int p)
    {
        var i = p + 1;
        i += i < pattern.Length && pattern[i] is '!' or '^' ? 1 : 0;
        for (var first = true; i < pattern.Length; i++, first = false)
        {
            if (pattern[i] == ']' && !first)
                return i;
            i += pattern[i] == '\\' ? 1 : 0;
        }
        return null;
    }

    private static bool IsIn(string set, char letter)
    {
        var negated = set[0] is '!' or '^';
        var found = false;
        for (var i = negated ? 1 : 0; i < set.Length; i++)
        {
            i += set[i] == '\\' ? 1 : 0;
            var (first, last) = (set[i], set[i]);
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                i += set[i + 2] == '\\' ? 3 : 2;
                last = set[i];
            }
            found |= letter >= first && letter <= last;
        }
        return found != negated;
    }
}
