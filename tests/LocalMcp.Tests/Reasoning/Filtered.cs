using LocalMcp.Chat;
using LocalMcp.Reasoning;

namespace LocalMcp.Tests.Reasoning;

/// <summary>What the filter makes of a text.</summary>
internal sealed record Filtered(string Text, string Reasoning)
{
    /// <summary>Nothing is known, and nobody reads along.</summary>
    public static ReasoningHints Nothing => new(Live: false, CanThink: null, Prompt: "hi");

    /// <summary>The filter's result for these pieces.</summary>
    /// <param name="pieces">The text as it is cut.</param>
    /// <param name="hints">Null: nothing is known, and nobody reads along.</param>
    /// <param name="cut">Whether the answer was cut off.</param>
    /// <param name="field">Reasoning that the backend told apart by itself.</param>
    public static Filtered Of(IEnumerable<string> pieces, ReasoningHints? hints = null, bool cut = false, string field = "")
    {
        var filter = new ReasoningFilter(hints ?? Nothing);
        if (field.Length > 0)
            filter.Separated(field);
        var deltas = pieces.SelectMany(filter.Take).ToList();
        deltas.AddRange(filter.End(cut));
        return new Filtered(string.Concat(deltas.OfType<ChatDelta.Text>().Select(t => t.Value)), string.Concat(deltas.OfType<ChatDelta.Reasoning>().Select(r => r.Value)));
    }

    /// <summary>The text in pieces of this many characters.</summary>
    public static IEnumerable<string> Pieces(string text, int size) => text.Chunk(size).Select(piece => new string(piece));

    /// <summary>The text in pieces of random lengths.</summary>
    public static IEnumerable<string> Pieces(string text, Random random)
    {
        var longest = random.Next(1, Math.Max(2, text.Length));
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, longest + 1), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
