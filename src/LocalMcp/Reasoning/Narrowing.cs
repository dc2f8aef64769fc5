namespace LocalMcp.Reasoning;

/// <summary>Which of some texts is being spelled, one character after the other.</summary>
/// <param name="texts">Sorted by code unit.</param>
internal struct Narrowing(string[] texts)
{
    private int first;
    private int end = texts.Length;
    private int depth;

    /// <summary>Whether there is any that begins so.</summary>
    public readonly bool Any => first < end;

    /// <summary>Takes the next character, and returns whether any text still goes on so.</summary>
    public bool Take(char next)
    {
        while (first < end && (texts[first].Length <= depth || texts[first][depth] != next))
            first++;
        while (end > first && texts[end - 1][depth] != next)
            end--;
        depth++;
        return first < end;
    }

    /// <summary>The text that is spelled in full, or null.</summary>
    public readonly string? Whole => first < end && texts[first].Length == depth ? texts[first] : null;
}
