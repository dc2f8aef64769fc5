namespace LocalMcp.Models.Speed;

/// <summary>All measured speeds, the one that was measured last first.</summary>
internal sealed class SpeedBook
{
    /// <summary>How many models are remembered at most; the one that was measured longest ago is forgotten first.</summary>
    public const int Most = 200;

    public SpeedBook(IEnumerable<MeasuredSpeed> speeds) => All = [.. speeds.OrderByDescending(speed => speed.Last).Take(Most)];

    public IReadOnlyList<MeasuredSpeed> All { get; }

    /// <summary>What is known of this model: of two entries that fit, the one that was measured last.</summary>
    public MeasuredSpeed? Find(SpeedKey key) => All.FirstOrDefault(speed => speed.Key.Fits(key));

    /// <summary>The book with one more chat in it.</summary>
    public SpeedBook With(SpeedKey key, SpeedSample sample, DateTimeOffset now)
    {
        var known = Find(key);
        var before = known ?? new MeasuredSpeed(key, [], [], 0, now);
        return new SpeedBook(All.Where(speed => speed != known).Prepend(before.With(sample, now) with { Key = key.With(before.Key) }));
    }
}
