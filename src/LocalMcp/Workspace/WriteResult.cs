using System.Text;

namespace LocalMcp.Workspace;

/// <summary>What was written, for somebody who does not want to read it.</summary>
/// <param name="Path">Relative to the root, as it was named.</param>
/// <param name="Lines">How many lines; one that has no end counts.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="First">The first lines, at most <see cref="MostQuoted"/>, shortened, with control characters escaped.</param>
/// <param name="Last">The last lines, as many, of those behind them.</param>
internal sealed record WriteResult(string Path, int Lines, long Bytes, IReadOnlyList<string> First, IReadOnlyList<string> Last)
{
    /// <summary>How many lines are quoted of either end.</summary>
    public const int MostQuoted = 3;

    private const string OfNames = " Other names of the old file (hard links) keep the old text.";
    private const string OfEncoding = " The old file was not UTF-8; this one is.";

    // Characters of a quoted line.
    private const int LongestQuote = 120;

    /// <summary>The size of the file that was replaced, in bytes; null for a new one.</summary>
    public long? Replaced { get; init; }

    /// <summary>Whether the file that was replaced has other names (hard links), which keep the old text.</summary>
    public bool HadOtherNames { get; init; }

    /// <summary>Whether the file that was replaced was neither UTF-8 nor marked as something else.</summary>
    public bool WasEncodedOtherwise { get; init; }

    /// <summary>Whether it is what there is of an answer that did not become the file.</summary>
    public bool IsPartial { get; init; }

    /// <summary>All of this in a few lines: they go into a context that is paid for.</summary>
    public string Receipt
    {
        get
        {
            List<string> lines = [Summary, .. First.Select(Quoted)];
            if (Lines > First.Count + Last.Count)
                lines.Add("…");
            return string.Join('\n', lines.Concat(Last.Select(Quoted)));
        }
    }

    private string Summary
    {
        get
        {
            var size = $"{ShownText.Of(Path)}: {Count(Lines, "line")}, {Count(Bytes, "byte")}";
            if (IsPartial)
                return $"Kept {size}.";
            var end = Replaced is { } old ? $"replaced a file of {Count(old, "byte")}" : "new file";
            return $"Wrote {size}, {end}.{(HadOtherNames ? OfNames : "")}{(WasEncodedOtherwise ? OfEncoding : "")}";
        }
    }

    public static WriteResult Of(string path, string text, long bytes)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        var first = lines.Take(MostQuoted).Select(Shortened).ToList();
        return new WriteResult(path, lines.Count, bytes, first, [.. lines.Skip(Math.Max(first.Count, lines.Count - MostQuoted)).Select(Shortened)]);
    }

    private static string Shortened(string line)
    {
        var runes = line.EnumerateRunes().Take(LongestQuote + 1).ToList();
        var shown = string.Concat(runes.Take(runes.Count > LongestQuote ? LongestQuote - 1 : LongestQuote).Select(rune => rune.Value == '\t' ? @"\t" : ShownText.Of(rune.ToString())));
        return runes.Count > LongestQuote ? shown + "…" : shown;
    }

    private static string Quoted(string line) => line.Length > 0 ? $"> {line}" : ">";

    private static string Count(long number, string what) => $"{number:N0} {what}{(number == 1 ? "" : "s")}";
}
