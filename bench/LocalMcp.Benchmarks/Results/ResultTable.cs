namespace LocalMcp.Benchmarks.Results;

/// <summary>Results as a table in Markdown: medians, with the quartiles in brackets.</summary>
internal static class ResultTable
{
    /// <summary>All of it, as a file.</summary>
    public static string Page(ResultSet set) => $"# Results: {set.Machine.Name}\n\n{Origin(set)}\n\n{Of(set)}\n{Notes(set)}{Growth(set)}".TrimEnd() + "\n";

    /// <summary>The rows.</summary>
    public static string Of(ResultSet set) => string.Join('\n',
    [
        "| what | against | ours | against it | figure | goal | verdict | runs |",
        "|---|---|--:|--:|--:|--:|---|--:|",
        .. set.Rows.Select(Line),
    ]) + "\n";

    /// <summary>Where time and memory go, a list for each row that has such facts.</summary>
    public static string Notes(ResultSet set) =>
        string.Concat(set.Rows.Where(row => row.Notes.Count > 0).Select(row => $"{row.What}:\n\n{string.Concat(row.Notes.Select(note => $"- {note}\n"))}\n"));

    /// <summary>The growth curves as tables.</summary>
    public static string Growth(ResultSet set) => string.Concat(set.Growth.Select(Growth));

    /// <summary>The line that says where and with what it was measured.</summary>
    public static string Origin(ResultSet set)
    {
        var machine = set.Machine;
        var memory = machine.MemoryGib is { } gib ? $", {Spread.Number(gib)} GiB" : "";
        return $"{set.Date}; {machine.System}, {machine.Processor}, {machine.Cores} cores{memory}, {machine.Graphics}. {string.Join(", ", set.Versions.Select(version => $"{version.Key} {version.Value}"))}. Load before {set.LoadBefore}, after {set.LoadAfter}.";
    }

    public static string Figure(ResultRow row) => row.Figure is not { } figure
        ? "–"
        : row.Measure switch
        {
            Measure.Ratio => figure.ToString(),
            Measure.Difference => $"{(figure.Median < 0 ? "" : "+")}{figure} {row.Unit}",
            _ => $"{figure} {row.Unit}",
        };

    private static string Line(ResultRow row) =>
        $"| {row.What} | {row.Against} | {Text(row.Ours, row.Unit)} | {Text(row.Opponent, row.Unit)} | {Figure(row)} | {row.Goal?.ToString() ?? "–"} | {VerdictOf(row)}{(row.Quick ? " (quick)" : "")} | {row.Figure?.N.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–"} |";

    private static string VerdictOf(ResultRow row) => row.Verdict switch
    {
        Verdict.Met => "met",
        Verdict.Missed => "**missed**",
        Verdict.Reported => "reported",
        _ => $"not measured: {row.Why}",
    };

    private static string Text(Spread? spread, string unit) => spread is null ? "–" : $"{Spread.Number(spread.Median)} {unit}";

    private static string Growth(Curve curve)
    {
        var sizes = curve.Lines.SelectMany(line => line.Points).Select(point => point.At).Distinct().Order().ToList();
        var lines = curve.Lines.Select(line => $"| {line.Name} | {string.Join(" | ", sizes.Select(size => line.Points.FirstOrDefault(point => point.At == size)?.Cost.ToString() ?? "–"))} |\n");
        return $"{curve.Title}, in {curve.Unit}{(curve.Quick ? " (quick)" : "")}:\n\n| {curve.Along} | {string.Join(" | ", sizes.Select(Spread.Size))} |\n|---|{string.Concat(sizes.Select(_ => "--:|"))}\n{string.Concat(lines)}\n";
    }
}
