using System.Diagnostics;

namespace LocalMcp.Benchmarks;

/// <summary>What a row took: the best of five runs, or of as many as there is time for.</summary>
internal sealed record QuickRun(FilterRow Row, int Bytes, double NanosecondsPerByte, double AllocatedPerByte)
{
    private const int Runs = 5;

    // A slow row of 10 MB runs once: enough to tell ten times as long from a hundred times.
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(125);

    public static QuickRun Of(FilterRow row)
    {
        var work = new FilterWork(row);
        // What the rows before have left behind is not this one's.
        GC.Collect();
        var (best, spent) = (TimeSpan.MaxValue, TimeSpan.Zero);
        var allocated = -GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < Runs && spent < Enough; run++)
        {
            var began = Stopwatch.GetTimestamp();
            work.Run();
            var took = Stopwatch.GetElapsedTime(began);
            if (run == 0)
                allocated += GC.GetAllocatedBytesForCurrentThread();
            (best, spent) = (took < best ? took : best, spent + took);
        }
        return new QuickRun(row, work.Bytes, best.TotalNanoseconds / work.Bytes, (double)allocated / work.Bytes);
    }
}
