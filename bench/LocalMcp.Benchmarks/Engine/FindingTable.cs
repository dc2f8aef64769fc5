using System.Globalization;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>The findings as a table in Markdown: medians, with the quartiles in brackets.</summary>
internal static class FindingTable
{
    public static void Write(TextWriter to, IReadOnlyList<Finding> findings)
    {
        to.WriteLine("| what | ours | against | ratio | goal | runs |");
        to.WriteLine("|---|--:|--:|--:|---|--:|");
        foreach (var finding in findings)
            to.WriteLine($"| {finding.What} | {Text(finding.Ours, finding.Unit)} | {Text(finding.Against, finding.Unit)} | {Ratio(finding)} | {finding.Goal?.Of(finding.Ratio.Median) ?? "–"} | {finding.Pairs.Count} |");
        foreach (var finding in findings.Where(f => f.Parts.Count > 0))
        {
            to.WriteLine();
            to.WriteLine($"{finding.What}:");
            foreach (var part in finding.Parts)
                to.WriteLine($"- {part}");
        }
    }

    /// <summary>The median, and where half of all runs lie.</summary>
    public static string Text(Figures figures, string unit) => $"{Number(figures.Median)} {unit} ({Number(figures.LowerQuartile)}–{Number(figures.UpperQuartile)})";

    private static string Ratio(Finding finding)
    {
        var ratio = string.Create(CultureInfo.InvariantCulture, $"{finding.Ratio.Median:0.000} ({finding.Ratio.LowerQuartile:0.000}–{finding.Ratio.UpperQuartile:0.000})");
        return finding.Unit == Finding.Milliseconds ? $"{ratio}, {(finding.Difference.Median < 0 ? "" : "+")}{Text(finding.Difference, finding.Unit)}" : ratio;
    }

    private static string Number(double number) => number.ToString(Math.Abs(number) < 10 ? "0.00" : Math.Abs(number) < 1000 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
