using System.Globalization;
using System.Xml.Linq;
using LocalMcp.Benchmarks.Charts;
using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Tests.Bench;

/// <summary>What the charts make of results.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_met_goal_ends_before_the_line_and_a_missed_one_behind_it()
    {
        var chart = XDocument.Parse(GoalChart.Of(Set(Row("met", 0.5, Limit.NoMoreThan(1)), Row("missed", 1.5, Limit.NoMoreThan(1)))));
        var goal = chart.Descendants(Svg + "line").Select(mark => Number(mark.Attribute("x1"))).Distinct().Single();
        Assert.True(EndOf(Single(chart, "rect", "met")) < goal);
        Assert.True(EndOf(Single(chart, "rect", "missed")) > goal);
    }

    [Fact]
    public void Where_more_is_better_too_the_bar_of_a_met_goal_ends_before_the_line()
    {
        var chart = XDocument.Parse(GoalChart.Of(Set(Row("speed", 0.99, Limit.NoLessThan(0.97)))));
        Assert.True(EndOf(Single(chart, "rect", "met")) < Number(Single(chart, "line", "goal").Attribute("x1")));
    }

    [Fact]
    public void A_figure_far_beyond_its_goal_stays_on_the_paper()
    {
        var chart = XDocument.Parse(GoalChart.Of(Set(Row("missed", 400, Limit.NoMoreThan(1)))));
        Assert.True(EndOf(Single(chart, "rect", "missed")) < Number(chart.Root!.Attribute("width")));
    }

    [Fact]
    public void What_was_not_measured_has_no_bar_and_says_so()
    {
        var chart = XDocument.Parse(GoalChart.Of(Set(Row("gone", null, Limit.NoMoreThan(1)))));
        Assert.DoesNotContain(chart.Descendants(Svg + "rect"), bar => (string?)bar.Attribute("class") is "met" or "missed");
        Assert.Contains(chart.Descendants(Svg + "text"), text => text.Value == "not measured");
    }

    [Fact]
    public void A_curve_shows_every_size_and_every_cost_as_text()
    {
        var curve = new Curve("files", "Time by number of files", "files", "ms", [new CurveLine("call", [Point(1, 3.25), Point(1000, 47.5)])], "", Quick: false);
        var texts = XDocument.Parse(GrowthChart.Of(curve, Set())).Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.All(["1", "1,000", "3.25", "47.5", "files", "call"], text => Assert.Contains(text, texts));
    }

    [Fact]
    public void A_larger_cost_is_drawn_higher_and_a_negative_one_at_the_bottom()
    {
        var curve = new Curve("added", "Added time", "KB", "ms", [new CurveLine("added", [Point(1, -0.5), Point(10, 0), Point(100, 4)])], "", Quick: false);
        var dots = XDocument.Parse(GrowthChart.Of(curve, Set())).Descendants(Svg + "circle").Select(dot => Number(dot.Attribute("cy"))).ToList();
        Assert.Equal(dots[0], dots[1]);
        Assert.True(dots[2] < dots[1]);
    }

    [Fact]
    public void A_page_without_the_marks_is_refused() => Assert.Throws<InvalidDataException>(() => PerformancePage.Filled("# What it costs", [Set()]));

    [Fact]
    public void Filling_a_page_twice_changes_nothing_the_second_time()
    {
        var once = PerformancePage.Filled("Before.\n\n<!-- results -->\nold\n<!-- /results -->\n\nAfter.\n", [Set(Row("met", 0.5, Limit.NoMoreThan(1)))]);
        Assert.Equal(once, PerformancePage.Filled(once, [Set(Row("met", 0.5, Limit.NoMoreThan(1)))]));
        Assert.DoesNotContain("old", once, StringComparison.Ordinal);
        Assert.EndsWith("After.\n", once, StringComparison.Ordinal);
    }

    [Fact]
    public void The_middle_and_the_quartiles_are_those_of_the_sorted_values() => Assert.Equal(new Spread(3, 2, 4, 5), Spread.Of([5, 1, 4, 2, 3]));

    private static CurvePoint Point(double at, double cost) => new(at, new Spread(cost, cost, cost, 5));

    private static ResultRow Row(string what, double? figure, Limit goal)
    {
        var verdict = figure is not { } value ? Verdict.NotMeasured : goal.Allows(value) ? Verdict.Met : Verdict.Missed;
        return new(what, what, "the other", Measure.Ratio, "ms", goal, figure is { } median ? new Spread(median, median, median, 5) : null, null, null, verdict, figure is null ? "it is gone" : null, [], "abc", Quick: false);
    }

    private static ResultSet Set(params IReadOnlyList<ResultRow> rows) =>
        new("2026-11", new MachineSheet("linux-x64-2-cores-no-gpu", "Linux", "x64", 2, 8, "no GPU"), new Dictionary<string, string>(), "0", "0", rows, []);

    private static XElement Single(XDocument chart, string element, string kind) => Assert.Single(chart.Descendants(Svg + element), found => (string?)found.Attribute("class") == kind);

    private static double EndOf(XElement bar) => Number(bar.Attribute("x")) + Number(bar.Attribute("width"));

    private static double Number(XAttribute? attribute) => double.Parse(attribute!.Value, CultureInfo.InvariantCulture);
}
