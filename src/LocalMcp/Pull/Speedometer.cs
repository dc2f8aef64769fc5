using System.Globalization;
using LocalMcp.Models;

namespace LocalMcp.Pull;

/// <summary>How fast bytes come, over the last ten seconds, and how long the rest will take. What was there before the first look counts for nothing.</summary>
internal sealed class Speedometer(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.5);

    private readonly Queue<(long At, long Done)> seen = new();
    private (long At, long Done) last;

    /// <summary>Takes in how many bytes are there now. Less than before means that it started over.</summary>
    public void See(long done)
    {
        if (done < last.Done)
            seen.Clear();
        last = (clock.GetTimestamp(), done);
        if (seen.Count > 0 && clock.GetElapsedTime(seen.Last().At, last.At) < Least)
            return;
        seen.Enqueue(last);
        while (seen.Count > 2 && clock.GetElapsedTime(seen.Peek().At, last.At) > Window)
            seen.Dequeue();
    }

    /// <summary>Bytes a second; null until half a second has passed.</summary>
    public double? Speed => seen.TryPeek(out var first) && clock.GetElapsedTime(first.At, last.At) is var time && time >= Least ? (last.Done - first.Done) / time.TotalSeconds : null;

    /// <summary>In words: <c>42 %, 3.9 GB of 9.0 GB, 85 MB/s, 1 min 2 s left</c>.</summary>
    public string Text(long total)
    {
        var percent = string.Create(CultureInfo.InvariantCulture, $"{(total > 0 ? last.Done * 100 / total : 0)} %");
        var size = $"{ListingText.Size(last.Done)} of {ListingText.Size(total)}";
        return Speed is not { } speed ? $"{percent}, {size}"
            : speed < 1 ? $"{percent}, {size}, nothing comes"
            : $"{percent}, {size}, {ListingText.Size((long)speed)}/s{(last.Done < total ? $", {Time((total - last.Done) / speed)} left" : "")}";
    }

    /// <summary>A time as one would say it: <c>40 s</c>, <c>1 min 2 s</c>, <c>3 h 20 min</c>.</summary>
    public static string Time(double seconds) => Math.Ceiling(seconds) switch
    {
        < 60 and var s => string.Create(CultureInfo.InvariantCulture, $"{s:0} s"),
        < 3600 and var s => string.Create(CultureInfo.InvariantCulture, $"{(int)s / 60} min {(int)s % 60} s"),
        < 100 * 3600 and var s => string.Create(CultureInfo.InvariantCulture, $"{(int)s / 3600} h {(int)s % 3600 / 60} min"),
        _ => "days",
    };
}
