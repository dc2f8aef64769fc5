using System.Xml.Linq;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.Charts;

/// <summary>Each figure as a share of its goal: a bar that ends before the mark has met it.</summary>
internal static class GoalChart
{
    private const int Width = 860;
    private const int Left = 20;
    private const int Top = 62;
    private const int RowHeight = 46;
    private const int BarHeight = 14;
    private const double Scale = 300;
    private const double Longest = 1.9;

    public static string Of(ResultSet set)
    {
        var rows = set.Rows.Where(row => row.Goal is not null).ToList();
        var height = Top + (rows.Count * RowHeight) + 12;
        List<XElement> parts =
        [
            Svg.Text(Left, 28, "Figures as shares of their goals", "title"),
            Svg.Text(Left, 47, $"{set.Machine.Name}, {set.Date}; a bar that ends before the mark has met its goal", "soft"),
            .. rows.SelectMany((row, number) => Row(row, Top + (number * RowHeight))),
        ];
        var met = rows.Count(row => row.Verdict == Verdict.Met);
        return Svg.Page(Width, height, $"{met} of {rows.Count} goals met", parts);
    }

    private static IEnumerable<XElement> Row(ResultRow row, int top)
    {
        yield return Svg.Text(Left, top + 13, row.What);
        if (row.Figure is null)
        {
            yield return Svg.Text(Left + Scale + 8, top + 31, "not measured", "soft");
            yield break;
        }
        var share = Math.Clamp(Share(row.Goal!, row.Figure.Median), 0.004, Longest);
        yield return Svg.Bar(Left, top + 20, share * Scale, BarHeight, row.Verdict == Verdict.Met ? "met" : "missed");
        yield return Svg.Line(Left + Scale, top + 17, Left + Scale, top + 37, "goal");
        yield return Svg.Text(Left + (Math.Max(share, 1) * Scale) + 8, top + 31, $"{Of(row)}, goal {row.Goal}{(row.Measure == Measure.Ratio ? "" : $" {row.Unit}")}: {(row.Verdict == Verdict.Met ? "met" : "missed")}", "soft");
    }

    private static string Of(ResultRow row) => row.Measure == Measure.Ratio ? Spread.Number(row.Figure!.Median) : $"{Spread.Number(row.Figure!.Median)} {row.Unit}";

    private static double Share(Limit goal, double figure) => goal.AtMost ? figure / goal.Bound : figure > 0 ? goal.Bound / figure : double.PositiveInfinity;
}
