namespace LocalMcp.Benchmarks.Results;

/// <summary>How a row's figure is made of ours and the opponent's.</summary>
internal enum Measure
{
    /// <summary>Ours divided by the opponent's, of each run for itself.</summary>
    Ratio,

    /// <summary>Ours less the opponent's, of each run for itself, in the row's unit.</summary>
    Difference,

    /// <summary>Ours alone, in the row's unit.</summary>
    Value,
}

/// <summary>What came of a row.</summary>
internal enum Verdict
{
    Met,
    Missed,

    /// <summary>There is no goal.</summary>
    Reported,

    /// <summary><see cref="ResultRow.Why"/> says why.</summary>
    NotMeasured,
}

/// <summary>One line of the results: the same thing done in two ways, run by run side by side.</summary>
/// <param name="Id">Stays the same, so that results of two versions can be compared.</param>
/// <param name="Unit">Of <paramref name="Ours"/> and <paramref name="Opponent"/>.</param>
/// <param name="Figure">What the goal is about; null when it was not measured.</param>
/// <param name="Why">Why it was not measured; else null.</param>
/// <param name="Notes">Where the time or the memory goes, a fact a line.</param>
/// <param name="Commit">Of LocalMcp: a row may have been measured again later than the others.</param>
/// <param name="Quick">Whether few runs had to do.</param>
internal sealed record ResultRow(
    string Id, string What, string Against, Measure Measure, string Unit, Limit? Goal, Spread? Figure, Spread? Ours, Spread? Opponent, Verdict Verdict, string? Why, IReadOnlyList<string> Notes, string Commit, bool Quick);
