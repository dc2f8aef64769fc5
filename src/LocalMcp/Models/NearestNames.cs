namespace LocalMcp.Models;

/// <summary>What a mistyped name may have meant.</summary>
internal static class NearestNames
{
    /// <summary>
    /// The names that come nearest to a word, nearest first, each once; none where nothing is near. A name is near when the word, or something
    /// that differs from it in a third of its letters at most, stands in it; the fewer letters differ the nearer, then the fewer are left over.
    /// Letter case does not matter. A letter too many, too few, another one, or two that changed places count one.
    /// </summary>
    /// <param name="most">How many at most. 0 or more.</param>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> names, int most)
    {
        word = word.Trim().ToLowerInvariant();
        if (word.Length == 0)
            return [];
        return
        [
            .. names
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(name => (Name: name, Within: Distance(word, name.ToLowerInvariant(), anywhere: true), Whole: Distance(word, name.ToLowerInvariant(), anywhere: false)))
                .Where(near => near.Within <= word.Length / 3 || near.Whole <= word.Length / 3)
                .OrderBy(near => near.Within)
                .ThenBy(near => near.Whole)
                .ThenBy(near => near.Name, StringComparer.Ordinal)
                .Take(most)
                .Select(near => near.Name),
        ];
    }

    // Row by row over the word; with anywhere, what stands before and after in the name costs nothing.
    private static int Distance(string word, string name, bool anywhere)
    {
        var (before, last, row) = (new int[name.Length + 1], new int[name.Length + 1], new int[name.Length + 1]);
        for (var j = 0; j <= name.Length; j++)
            last[j] = anywhere ? 0 : j;
        for (var i = 1; i <= word.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (word[i - 1] == name[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && word[i - 1] == name[j - 2] && word[i - 2] == name[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return anywhere ? last.Min() : last[^1];
    }
}
