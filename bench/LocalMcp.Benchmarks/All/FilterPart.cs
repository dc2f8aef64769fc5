using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>The reasoning filter against a copy of the same text in memory.</summary>
internal sealed class FilterPart : IPart
{
    private static readonly RowHead Whole = Head("filter-whole", "a text of 1 MB as a whole");
    private static readonly RowHead Pieces = Head("filter-pieces", "1 MB in pieces of 4 characters, as tokens come");

    public string Name => "filter";

    public IReadOnlyList<RowHead> Rows => [Whole, Pieces];

    public Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            QuickTable.WarmUp();
            return Measured.Of(Of(Whole, pieces: false, bed.Options), Of(Pieces, pieces: true, bed.Options));
        },
        cancellationToken);

    private static RowHead Head(string id, string text) => new(id, $"reasoning filter, {text}", "memory copy of the same text", Measure.Ratio, "ns/byte", null);

    private static ResultRow Of(RowHead head, bool pieces, AllOptions options)
    {
        var rows = FilterRow.All.Where(row => row.Length == FilterRow.Megabyte && row.Live is not true && row.Piece is not null == pieces).ToList();
        var (copy, plain) = (rows.Single(row => row.Live is null), rows.Single(row => row.Live is false && row.Case == FilterCases.Plain));
        List<(double, double)> runs = [];
        for (var run = 0; run < options.Runs(7, 2); run++)
            runs.Add((QuickRun.Of(plain).NanosecondsPerByte, QuickRun.Of(copy).NanosecondsPerByte));
        var others = rows.Where(row => row.Live is false && row.Case != FilterCases.Plain).Select(QuickRun.Of).OrderBy(run => run.NanosecondsPerByte).ToList();
        return head.Of(runs, $"answers with reasoning or code, ns/byte: {Text(others, adversarial: false)}", $"texts written to make a filter slow, ns/byte: {Text(others, adversarial: true)}");
    }

    private static string Text(IEnumerable<QuickRun> runs, bool adversarial) =>
        string.Join(", ", runs.Where(run => FilterCases.Adversarial.Contains(run.Row.Case) == adversarial).Select(run => $"{run.Row.Name} {Spread.Number(run.NanosecondsPerByte)}"));
}
