using System.Globalization;

namespace LocalMcp.Workspace;

/// <summary>Lines of a file.</summary>
/// <param name="First">The first one, counted from 1. What the user wrote may be 0: see <see cref="Wrong"/>.</param>
/// <param name="Last">The last one, which belongs to them; null for all that follow.</param>
internal readonly record struct LineRange(int First, int? Last)
{
    /// <summary>The two parts of <c>path:10-80</c>, <c>path:10-</c> or <c>path:10</c>; null for what has another form. A number beyond the range of an int counts as the largest int.</summary>
    public static (string Path, LineRange Lines)? Split(string reference)
    {
        var colon = reference.LastIndexOf(':');
        if (colon < 1)
            return null;
        var lines = reference[(colon + 1)..];
        var (first, last) = lines.Split('-') switch
        {
            [var one] => (one, one),
            [var one, var other] => (one, other),
            _ => ("", ""),
        };
        if (!IsNumber(first) || !(IsNumber(last) || last.Length == 0))
            return null;
        return (reference[..colon], new LineRange(Number(first), last.Length == 0 ? null : Number(last)));
    }

    /// <summary>Why there are no such lines in a file of this many; null when there are.</summary>
    public string? Wrong(int lines) => this switch
    {
        { First: 0 } => $"lines are counted from 1, so {this} begins before the first one",
        { Last: { } last } when last < First => $"the range {this} is reversed",
        _ when lines == 0 => $"the file is empty, so it has no lines {this}",
        _ when First > lines => $"the file has {Lines(lines)}, so {this} begins beyond its end",
        _ when Last > lines => $"the file has {Lines(lines)}, so {this} goes beyond its end; {this with { Last = null }} reads up to it",
        _ => null,
    };

    public override string ToString() => Last == First ? FormattableString.Invariant($"{First}") : FormattableString.Invariant($"{First}-{Last}");

    /// <summary>The same lines with as few ranges as it takes, by their first line.</summary>
    /// <param name="lines">How many the file has; the ranges are right for it.</param>
    public static IReadOnlyList<LineRange> Merge(IEnumerable<LineRange> ranges, int lines)
    {
        List<LineRange> merged = [];
        foreach (var range in ranges.Select(range => (range.First, Last: range.Last ?? lines)).OrderBy(range => range.First))
        {
            if (merged is [.., { Last: { } end } before] && range.First <= end + 1)
                merged[^1] = before with { Last = Math.Max(end, range.Last) };
            else
                merged.Add(new LineRange(range.First, range.Last));
        }
        return merged;
    }

    private static string Lines(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "line" : "lines")}");

    private static bool IsNumber(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
