using System.Globalization;
using System.Text;

namespace LocalMcp.Stats;

/// <summary>What the calls did and saved, in words.</summary>
internal static class StatsText
{
    private static readonly string[] Columns = ["calls", "failed", "prompt tokens", "answer tokens", "tok/s", "spared"];

    /// <param name="days">How many days back the calls go.</param>
    public static string Of(IReadOnlyList<CallRecord> calls, int days, TimeZoneInfo zone)
    {
        if (calls.Count == 0)
            return $"No call was counted in the last {Count(days, "day")}. Every chat, chat_to_file and quick_test is, unless keep_stats is false in settings.json.";
        var all = Tally.Sum("together", calls);
        var text = new StringBuilder();
        Table(text, "day", [.. Tally.ByDay(calls, zone), all]);
        text.AppendLine();
        Table(text, "model", Tally.ByModel(calls));
        text.AppendLine().Append(Sentence(all, days));
        if (Endings(calls) is { Length: > 0 } endings)
            text.AppendLine().Append(endings);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string of, IReadOnlyList<Tally> rows)
    {
        List<string[]> cells = [[of, .. Columns], .. rows.Select(Row)];
        var widths = Enumerable.Range(0, Columns.Length + 1).Select(column => cells.Max(row => row[column].Length)).ToArray();
        foreach (var row in cells)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
    }

    private static string[] Row(Tally tally) =>
    [
        tally.Of,
        Number(tally.Calls),
        Number(tally.Failed),
        Number(tally.Prompt),
        Number(tally.Answer),
        tally.Speed is { } speed ? speed.ToString("0.#", CultureInfo.InvariantCulture) : "–",
        Number(Math.Max(0, tally.Pasted - tally.Spent)),
    ];

    private static string Sentence(Tally all, int days)
    {
        var uncounted = all.Uncounted > 0 ? $" {Count(all.Uncounted, "call")} without figures from the backend {(all.Uncounted == 1 ? "is" : "are")} not among them." : "";
        return $"In the last {Count(days, "day")} {Number(all.Prompt + all.Answer)} tokens were read and written on this machine. The client wrote and read about {Number(all.Spent)} of them; with files pasted and answers handed back it would have been about {Number(all.Pasted)}.{uncounted}";
    }

    private static string Endings(IReadOnlyList<CallRecord> calls)
    {
        var failed = calls.Where(call => call.Ending != CallRecord.Whole).GroupBy(call => call.Ending).OrderByDescending(ending => ending.Count()).ThenBy(ending => ending.Key, StringComparer.Ordinal).Select(ending => $"{Number(ending.Count())} {ending.Key}");
        return string.Join(", ", failed) is { Length: > 0 } endings ? $"Not whole: {endings}." : "";
    }

    private static string Count(int count, string thing) => $"{Number(count)} {thing}{(count == 1 ? "" : "s")}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
