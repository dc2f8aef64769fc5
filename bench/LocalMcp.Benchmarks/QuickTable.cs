using System.Diagnostics;

namespace LocalMcp.Benchmarks;

/// <summary>All rows, measured with a stopwatch, as a table in Markdown.</summary>
internal static class QuickTable
{
    private const int Short = 100_000;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);

    public static void Write(TextWriter to)
    {
        WarmUp();
        Dictionary<FilterRow, QuickRun> runs = [];
        to.WriteLine("| case | bytes | pieces | answer | ns/byte | times plain text | allocated bytes per byte |");
        to.WriteLine("|---|--:|---|---|--:|--:|--:|");
        foreach (var row in FilterRow.All)
        {
            runs[row] = QuickRun.Of(row);
            to.WriteLine(Line(runs[row], runs[row.Plain]));
        }
    }

    /// <summary>
    /// Before anything is measured, all code has been compiled in full, which takes time beside the work, and the memory is as large as it will be:
    /// the first row is the one that others are compared with.
    /// </summary>
    public static void WarmUp()
    {
        var began = Stopwatch.GetTimestamp();
        do
        {
            foreach (var row in FilterRow.All)
                new FilterWork(row with { Length = Short }).Run();
        }
        while (Stopwatch.GetElapsedTime(began) < Warm);
        new FilterWork(FilterRow.All.MaxBy(row => row.Length)!).Run();
    }

    private static string Line(QuickRun run, QuickRun plain)
    {
        var (row, times) = (run.Row, run.NanosecondsPerByte / plain.NanosecondsPerByte);
        return FormattableString.Invariant(
            $"| {row.Name} | {run.Bytes:N0} | {row.PieceName} | {row.LiveName} | {run.NanosecondsPerByte:0.00} | {times:0.00} | {run.AllocatedPerByte:0.0} |");
    }
}
