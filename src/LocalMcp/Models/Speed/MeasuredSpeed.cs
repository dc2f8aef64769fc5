namespace LocalMcp.Models.Speed;

/// <summary>
/// What the last real chats with one model showed. A figure is the median of the last <see cref="Kept"/>: one answer that had to share the machine
/// does not move it, as it would move a mean, and three after a change are enough to follow.
/// </summary>
/// <param name="Decodes">The last decode speeds, oldest first, in tokens per second.</param>
/// <param name="Prefills">The last prefill speeds, oldest first, in tokens per second.</param>
/// <param name="Runs">Chats that it rests on, those that are forgotten by now included.</param>
/// <param name="Last">When the last of them ended.</param>
internal sealed record MeasuredSpeed(SpeedKey Key, IReadOnlyList<double> Decodes, IReadOnlyList<double> Prefills, int Runs, DateTimeOffset Last)
{
    /// <summary>How many speeds of each kind are kept.</summary>
    public const int Kept = 5;

    /// <summary>Decode speed in tokens per second; null when none was measured.</summary>
    public double? Decode => Median(Decodes);

    /// <summary>Prefill speed in tokens per second; null when none was measured.</summary>
    public double? Prefill => Median(Prefills);

    public MeasuredSpeed With(SpeedSample sample, DateTimeOffset now) =>
        this with { Decodes = Append(Decodes, sample.Decode), Prefills = Append(Prefills, sample.Prefill), Runs = Runs < int.MaxValue ? Runs + 1 : Runs, Last = now };

    private static IReadOnlyList<double> Append(IReadOnlyList<double> speeds, double? next) => next is { } speed ? [.. speeds.Append(speed).TakeLast(Kept)] : speeds;

    private static double? Median(IReadOnlyList<double> speeds)
    {
        List<double> sorted = [.. speeds.Order()];
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
