using System.Text;
using LocalMcp.Chat;
using LocalMcp.Reasoning;

namespace LocalMcp.Benchmarks;

/// <summary>The work of one row, with its text cut and in memory.</summary>
internal sealed class FilterWork
{
    private readonly string[] pieces;
    private readonly bool? live;

    public FilterWork(FilterRow row)
    {
        var text = row.Case.Text(row.Length);
        pieces = row.Piece is { } piece ? Cut(text, piece) : [text];
        live = row.Live;
        Bytes = Encoding.UTF8.GetByteCount(text);
        if (row.Case.Reasons && live is false && Filter().Reasoning == 0)
            throw new InvalidOperationException($"The filter finds no reasoning in \"{row.Case.Name}\", so the case does not measure what it says. Adjust its text in {nameof(FilterCases)}.");
    }

    public int Bytes { get; }

    /// <summary>Does it once. The result is there to be looked at, so that no work can be left out.</summary>
    public int Run() => live is null ? Copy() : Filter().Text;

    private static string[] Cut(string text, int length)
    {
        var cut = new string[(text.Length + length - 1) / length];
        for (var i = 0; i < cut.Length; i++)
            cut[i] = text.Substring(i * length, Math.Min(length, text.Length - (i * length)));
        return cut;
    }

    // The yardstick: nothing that takes text and gives it back can be faster.
    private int Copy()
    {
        var copy = new StringBuilder();
        foreach (var piece in pieces)
            copy.Append(piece);
        return copy.ToString().Length;
    }

    private (int Text, int Reasoning) Filter()
    {
        // Live, a model that may think would be waited for.
        var hints = live is true ? new ReasoningHints(Live: true, CanThink: false, Prompt: "hi") : new ReasoningHints(Live: false, CanThink: null, Prompt: "hi");
        var filter = new ReasoningFilter(hints);
        var (text, reasoning) = (0, 0);
        foreach (var piece in pieces)
            Count(filter.Take(piece));
        Count(filter.End(cut: false));
        return (text, reasoning);

        void Count(List<ChatDelta> deltas)
        {
            foreach (var delta in deltas)
            {
                text += delta is ChatDelta.Text said ? said.Value.Length : 0;
                reasoning += delta is ChatDelta.Reasoning thought ? thought.Value.Length : 0;
            }
        }
    }
}
