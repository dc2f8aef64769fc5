using LocalMcp.Chat;
using LocalMcp.Reasoning;

namespace LocalMcp.Tests.Reasoning;

public sealed class ReasoningFilterTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "Hello.", "Hello.", "" },
        { "<think>why</think>Hello.", "Hello.", "why" },
        { "<think>\nwhy\n</think>\n\nHello.\n", "Hello.\n", "\nwhy\n" },
        { "<THINK>why</Think>\nHello.", "Hello.", "why" },
        { "\n<thinking>a</thinking>\n<think>b</think>\n\n    indented();\n", "    indented();\n", "ab" },
        { "[THINK]why[/THINK]Hello.", "Hello.", "why" },
        { "<think>never closed", "", "never closed" },
        { "<think></think>\n\nHello.", "Hello.", "" },
        { "reasoning\n</think>\n\nHello.", "Hello.", "reasoning\n" },
        { "reasoning…</think>\n\nHello.", "Hello.", "reasoning…" },
        { "Close it with `</think>` and go on.", "Close it with `</think>` and go on.", "" },
        { "```xml\n</think>\n```\nThat is how.", "```xml\n</think>\n```\nThat is how.", "" },
        { "The tag </think> ends it.", "The tag </think> ends it.", "" },
        { "  indented\n  code", "  indented\n  code", "" },
        { "<thin air is not a tag", "<thin air is not a tag", "" },
        { "A <think>later</think> tag is text.", "A <think>later</think> tag is text.", "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reasoning_goes_and_the_answer_stays_however_the_stream_is_cut(string whole, string text, string reasoning)
    {
        for (var size = 1; size <= whole.Length; size++)
            Assert.Equal((text, reasoning), Run(whole.Chunk(size).Select(chunk => new string(chunk)), hold: true));
    }

    [Fact]
    public void Text_that_nobody_holds_goes_on_at_once()
    {
        var filter = new ReasoningFilter(hold: false);
        Assert.Equal([new ChatDelta.Text("Hel")], filter.Take("Hel"));
        Assert.Equal([new ChatDelta.Text("lo")], filter.Take("lo"));
        Assert.Empty(filter.End());
    }

    [Fact]
    public void Reasoning_goes_on_as_soon_as_it_is_certain()
    {
        var filter = new ReasoningFilter(hold: false);
        filter.Take("<think>");
        Assert.Equal("a long thou", string.Concat(filter.Take("a long thought, </th").Concat(filter.Take("is")).OfType<ChatDelta.Reasoning>().Select(r => r.Value))[..11]);
    }

    private static (string Text, string Reasoning) Run(IEnumerable<string> pieces, bool hold)
    {
        var filter = new ReasoningFilter(hold);
        var deltas = pieces.SelectMany(filter.Take).ToList();
        deltas.AddRange(filter.End());
        return (string.Concat(deltas.OfType<ChatDelta.Text>().Select(t => t.Value)), string.Concat(deltas.OfType<ChatDelta.Reasoning>().Select(r => r.Value)));
    }
}
