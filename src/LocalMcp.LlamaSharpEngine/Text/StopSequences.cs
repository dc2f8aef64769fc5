namespace LocalMcp.LlamaSharpEngine.Text;

/// <summary>
/// Lets a text through up to the first stop sequence. What could be the beginning of one is held back until the next piece decides.
/// </summary>
internal sealed class StopSequences(IReadOnlyList<string> stops)
{
    private string held = "";

    /// <summary>Whether a stop sequence came; nothing comes after it.</summary>
    public bool Hit { get; private set; }

    /// <summary>Takes the next piece and returns what can be said.</summary>
    public string Take(string piece)
    {
        if (Hit)
            return "";
        var text = held + piece;
        var end = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (end >= 0)
        {
            (Hit, held) = (true, "");
            return text[..end];
        }
        var doubtful = stops.Select(stop => Beginning(text, stop)).DefaultIfEmpty(0).Max();
        held = text[^doubtful..];
        return text[..^doubtful];
    }

    /// <summary>What was held back, when the text is over.</summary>
    public string Rest()
    {
        var rest = held;
        held = "";
        return rest;
    }

    // How many characters at the end of the text are the beginning of the stop sequence.
    private static int Beginning(string text, string stop)
    {
        for (var length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan().EndsWith(stop.AsSpan(0, length), StringComparison.Ordinal))
                return length;
        }
        return 0;
    }
}
