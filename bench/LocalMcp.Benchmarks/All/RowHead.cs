using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>A row before it is measured.</summary>
/// <param name="Goal">Of the figure; null where there is none.</param>
internal sealed record RowHead(string Id, string What, string Against, Measure Measure, string Unit, Limit? Goal)
{
    public const string Milliseconds = "ms";
    public const string Megabytes = "MB";
    public const string Characters = "characters";

    /// <summary>What came of it, run by run: ours and the opponent's.</summary>
    public ResultRow Of(IReadOnlyCollection<(double Ours, double Against)> runs, params IReadOnlyList<string> notes)
    {
        var figure = Spread.Of(runs.Select(run => Measure == Measure.Ratio ? run.Ours / run.Against : run.Ours - run.Against));
        return Row(figure, Spread.Of(runs.Select(run => run.Ours)), Spread.Of(runs.Select(run => run.Against)), notes);
    }

    /// <summary>What came of it where the goal is about ours alone, or about what was made of several figures.</summary>
    public ResultRow Of(Spread figure, params IReadOnlyList<string> notes) => Row(figure, null, null, notes);

    public ResultRow NotMeasured(string why) => new(Id, What, Against, Measure, Unit, Goal, null, null, null, Verdict.NotMeasured, why, [], "", Quick: false);

    private ResultRow Row(Spread figure, Spread? ours, Spread? against, IReadOnlyList<string> notes)
    {
        var verdict = Goal is null ? Verdict.Reported : Goal.Allows(figure.Median) ? Verdict.Met : Verdict.Missed;
        return new ResultRow(Id, What, Against, Measure, Unit, Goal, figure, ours, against, verdict, null, notes, "", Quick: false);
    }
}
