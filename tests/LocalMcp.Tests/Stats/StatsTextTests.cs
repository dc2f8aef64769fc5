using LocalMcp.Stats;

namespace LocalMcp.Tests.Stats;

/// <summary>Calls added up, from values.</summary>
public sealed class StatsTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_call_with_a_file_spares_the_file_less_its_name()
    {
        var tally = Tally.Sum("x", [Call(prompt: 1_000, fileTokens: 900, written: 110, answer: 50, text: 50, returned: 70)]);
        Assert.Equal((1_000, 50, 110 + 900 + 50, 110 + 70), (tally.Prompt, tally.Answer, tally.Pasted, tally.Spent));
    }

    [Fact]
    public void Reasoning_is_an_answer_done_here_and_nothing_that_would_have_been_handed_back()
    {
        var tally = Tally.Sum("x", [Call(prompt: 10, fileTokens: 0, written: 10, answer: 500, text: 20, returned: 40)]);
        Assert.Equal((500, 30, 50), (tally.Answer, tally.Pasted, tally.Spent));
    }

    [Fact]
    public void A_call_without_figures_is_counted_as_a_call_and_not_as_tokens()
    {
        var tally = Tally.Sum("x", [Call(prompt: 10, fileTokens: 0, written: 10, answer: 5, text: 5, returned: 9), new CallRecord(Noon, "chat", CallRecord.Whole)]);
        Assert.Equal((2, 0, 1, 10), (tally.Calls, tally.Failed, tally.Uncounted, tally.Prompt));
    }

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("cut", 0)]
    [InlineData("partial", 0)]
    [InlineData("cancelled", 1)]
    [InlineData("timedout", 1)]
    public void Only_a_call_without_any_answer_has_failed(string ending, int failed) =>
        Assert.Equal(failed, Tally.Sum("x", [new CallRecord(Noon, "chat", ending)]).Failed);

    [Fact]
    public void The_speed_is_the_median()
    {
        Assert.Equal(20, Tally.Sum("x", [Speed(10), Speed(20), Speed(90)]).Speed);
        Assert.Equal(15, Tally.Sum("x", [Speed(10), Speed(20)]).Speed);
        Assert.Null(Tally.Sum("x", []).Speed);

        static CallRecord Speed(double speed) => new(Noon, "chat", CallRecord.Whole) { Speed = speed };
    }

    [Fact]
    public void A_day_is_that_of_the_clock_on_the_wall()
    {
        var late = new CallRecord(Noon.AddHours(11), "chat", CallRecord.Whole);
        var zone = TimeZoneInfo.CreateCustomTimeZone("two hours ahead", TimeSpan.FromHours(2), null, null);
        Assert.Equal("2026-03-05", Assert.Single(Tally.ByDay([late], zone)).Of);
        Assert.Equal("2026-03-04", Assert.Single(Tally.ByDay([late], TimeZoneInfo.Utc)).Of);
    }

    [Fact]
    public void Models_come_by_use_and_calls_without_one_last()
    {
        CallRecord[] calls = [new(Noon, "chat", "unreachable"), new(Noon, "chat", "unreachable"), new(Noon, "chat", "unreachable"), Of("a"), Of("b"), Of("b")];
        Assert.Equal(["b (ollama)", "a (ollama)", "(none chosen)"], Tally.ByModel(calls).Select(tally => tally.Of));

        static CallRecord Of(string model) => new(Noon, "chat", CallRecord.Whole) { Model = model, Backend = "ollama" };
    }

    [Fact]
    public void The_text_shows_days_models_what_was_spared_and_how_calls_ended()
    {
        CallRecord[] calls =
        [
            Call(prompt: 4_000, fileTokens: 3_800, written: 220, answer: 300, text: 300, returned: 330) with { Speed = 31.25 },
            Call(prompt: 100, fileTokens: 0, written: 100, answer: 10, text: 10, returned: 30) with { At = Noon.AddDays(1), Ending = "cut" },
            new CallRecord(Noon.AddDays(1), "chat", "cancelled"),
        ];
        Assert.Equal(
            """
            day         calls  failed  prompt tokens  answer tokens  tok/s  spared
            2026-03-04      1       0          4,000            300   31.3   3,770
            2026-03-05      2       1            100             10      –       0
            together        3       1          4,100            310   31.3   3,750

            model          calls  failed  prompt tokens  answer tokens  tok/s  spared
            m (ollama)         2       0          4,100            310   31.3   3,750
            (none chosen)      1       1              0              0      –       0

            In the last 30 days 4,410 tokens were read and written on this machine. The client wrote and read about 680 of them; with files pasted and answers handed back it would have been about 4,430.
            Not whole: 1 cancelled, 1 cut.
            """,
            StatsText.Of(calls, 30, TimeZoneInfo.Utc),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Without_calls_it_says_what_is_counted() => Assert.Contains("No call was counted in the last 1 day.", StatsText.Of([], 1, TimeZoneInfo.Utc), StringComparison.Ordinal);

    private static CallRecord Call(int prompt, int fileTokens, int written, int answer, int text, int returned) => new(Noon, "chat", CallRecord.Whole)
    {
        Model = "m",
        Backend = "ollama",
        Prompt = prompt,
        FileTokens = fileTokens,
        Written = written,
        Answer = answer,
        Text = text,
        Returned = returned,
    };
}
