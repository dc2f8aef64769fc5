using LocalMcp.Chat;
using LocalMcp.Reasoning;

namespace LocalMcp.Tests.Reasoning;

public sealed class ReasoningFilterTests
{
    public static TheoryData<string> Forms => [.. ReasoningCases.ByForm.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Reasoning_goes_and_the_answer_stays_whatever_the_size_of_the_pieces(string form)
    {
        foreach (var one in ReasoningCases.ByForm[form])
        {
            for (var size = 1; size <= Math.Max(1, one.Whole.Length); size++)
                AssertFiltered(one, Filtered.Pieces(one.Whole, size), $"in pieces of {size}");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Reasoning_goes_and_the_answer_stays_wherever_the_stream_is_cut(string form)
    {
        const int seed = 20261121;
        var random = new Random(seed);
        foreach (var one in ReasoningCases.ByForm[form])
        {
            for (var time = 0; time < 50; time++)
                AssertFiltered(one, Filtered.Pieces(one.Whole, random), $"in random pieces, seed {seed}");
        }
    }

    [Fact]
    public void Text_that_cannot_be_reasoning_goes_on_at_once_to_somebody_who_reads_along()
    {
        var filter = new ReasoningFilter(Filtered.Nothing with { Live = true, CanThink = false });
        Assert.Equal([new ChatDelta.Text("Hel")], filter.Take("Hel"));
        Assert.Equal([new ChatDelta.Text("lo")], filter.Take("lo"));
        Assert.Empty(filter.End(cut: false));
    }

    [Fact]
    public void The_answer_behind_the_reasoning_goes_on_at_once()
    {
        var filter = new ReasoningFilter(Filtered.Nothing with { Live = true });
        filter.Take("<think>why</think>");
        Assert.Equal([new ChatDelta.Text("Hel")], filter.Take("\n\nHel"));
        Assert.Equal([new ChatDelta.Text("lo")], filter.Take("lo"));
    }

    [Fact]
    public void Reasoning_goes_on_as_soon_as_it_is_certain()
    {
        var filter = new ReasoningFilter(Filtered.Nothing);
        filter.Take("<think>");
        Assert.Equal([new ChatDelta.Reasoning("a long thought, ")], filter.Take("a long thought, </th"));
        Assert.Equal([new ChatDelta.Reasoning("</this")], filter.Take("is"));
    }

    [Fact]
    public void A_pair_of_surrogates_is_never_handed_on_in_halves()
    {
        var filter = new ReasoningFilter(Filtered.Nothing with { Live = true, CanThink = false });
        Assert.Equal([new ChatDelta.Text("a")], filter.Take("a\uD83D"));
        Assert.Equal([new ChatDelta.Text("\uD83D\uDE00")], filter.Take("\uDE00"));
    }

    private static void AssertFiltered(ReasoningCase one, IEnumerable<string> pieces, string how)
    {
        var filtered = Filtered.Of(pieces, one.Hints, one.Cut, one.Field);
        if (filtered != new Filtered(one.Text, one.Reasoning))
            Assert.Fail($"{how}, of {Shown(one.Whole)} (prompt \"{one.Prompt}\")\n  text      {Shown(filtered.Text)}\n  not       {Shown(one.Text)}\n  reasoning {Shown(filtered.Reasoning)}\n  not       {Shown(one.Reasoning)}");
    }

    private static string Shown(string text) => System.Text.Json.JsonSerializer.Serialize(text, Relaxed);

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
