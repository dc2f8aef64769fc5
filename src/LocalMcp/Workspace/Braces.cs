namespace LocalMcp.Workspace;

/// <summary>What <c>{a,b}</c> in a pattern stands for, as in a shell.</summary>
internal static class Braces
{
    /// <summary>
    /// The patterns without braces that one with braces stands for, in order. Braces without a comma stand for themselves, and so does a brace behind a backslash.
    /// Null when there are more than so many.
    /// </summary>
    /// <param name="most">1 or more.</param>
    public static IReadOnlyList<string>? Expand(string pattern, int most)
    {
        List<string> done = [];
        var waiting = new Stack<(string Text, int From)>([(pattern, 0)]);
        while (waiting.TryPop(out var next))
        {
            if (Choices(next.Text, next.From) is not { } found)
                done.Add(next.Text);
            else if (waiting.Count + done.Count + found.Choices.Count > most)
                return null;
            else
            {
                foreach (var choice in found.Choices.Reverse())
                    waiting.Push((string.Concat(next.Text.AsSpan(0, found.Start), choice, next.Text.AsSpan(found.End + 1)), found.Start));
            }
        }
        return done;
    }

    // The first pair of braces with a comma of its own: where it begins and ends, and what its commas part.
    private static (int Start, int End, IReadOnlyList<string> Choices)? Choices(string text, int from)
    {
        for (var start = from; start < text.Length; start++)
        {
            if (text[start] == '\\')
                start++;
            else if (text[start] == '{' && Parts(text, start) is [_, _, ..] parts)
                return (start, parts[^1].End, [.. parts.Select(part => text[part.Start..part.End])]);
        }
        return null;
    }

    private static List<(int Start, int End)>? Parts(string text, int open)
    {
        List<(int Start, int End)> parts = [];
        var (depth, start) = (0, open + 1);
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == ',' && depth == 1)
            {
                parts.Add((start, i));
                start = i + 1;
            }
            else if (text[i] == '}' && --depth == 0)
            {
                parts.Add((start, i));
                return parts;
            }
        }
        return null;
    }
}
