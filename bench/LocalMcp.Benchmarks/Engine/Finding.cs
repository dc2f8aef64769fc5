namespace LocalMcp.Benchmarks.Engine;

/// <summary>One line of the table: the same thing done in two ways, run by run side by side.</summary>
/// <param name="Unit">Of both figures; a time is in ms, and then the difference is told as well.</param>
/// <param name="Pairs">Ours and what it is held against, of each run.</param>
/// <param name="Goal">Of the ratio; null where there is none.</param>
internal sealed record Finding(string What, string Unit, IReadOnlyList<(double Ours, double Against)> Pairs, Goal? Goal = null)
{
    public const string Milliseconds = "ms";

    /// <summary>Where the time or the memory goes, a fact a line.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    public Figures Ours => new(Pairs.Select(pair => pair.Ours));

    public Figures Against => new(Pairs.Select(pair => pair.Against));

    /// <summary>Of each run for itself: what slows the machine down for a while slows both.</summary>
    public Figures Ratio => new(Pairs.Select(pair => pair.Ours / pair.Against));

    public Figures Difference => new(Pairs.Select(pair => pair.Ours - pair.Against));
}
