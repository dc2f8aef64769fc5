using System.Text.Json.Nodes;
using LocalMcp.TestModels;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>What an answer says, how it ends, and what it cost.</summary>
public sealed class AnswerTests
{
    private const string Text = "Grüße aus der Küche 🍲: one two three four, said the cook. 終わり";

    [Fact]
    public async Task Says_the_text_word_for_word_and_what_it_cost()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text);
        var answer = await engine.AskAsync("hello");
        Assert.Equal(Text, answer.Text);
        Assert.Equal("stop", answer.Finish);
        Assert.True(answer.Done);
        Assert.Equal(new Script(Text).CountTokens() + 1, (int)answer.Usage["completion_tokens"]!);
        Assert.Equal((int)answer.Usage["prompt_tokens"]!, (int)answer.Timings["cache_n"]! + (int)answer.Timings["prompt_n"]!);
        Assert.Equal((int)answer.Usage["completion_tokens"]!, (int)answer.Timings["predicted_n"]!);
        Assert.True((double)answer.Timings["predicted_per_second"]! > 0);
    }

    [Fact]
    public async Task Says_the_same_when_it_is_not_streamed()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text);
        var (status, body) = await engine.PostAsync("""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"hel"},{"type":"text","text":"lo"}]}],"no_such_field":{"a":[1]}}""");
        Assert.Equal(200, status);
        Assert.Equal(Text, (string?)body["choices"]![0]!["message"]!["content"]);
        Assert.Equal("stop", (string?)body["choices"]![0]!["finish_reason"]);
        Assert.True((int)body["usage"]!["completion_tokens"]! > 0);
    }

    [Fact]
    public async Task Every_piece_of_a_stream_is_whole_characters()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync("🍲🍵終🍲り🍵終わ🍲🍵");
        var pieces = new List<string>();
        await foreach (var chunk in engine.FollowAsync("hello"))
            pieces.Add(chunk.Said() ?? "");
        Assert.DoesNotContain(pieces, piece => piece.Contains('\uFFFD', StringComparison.Ordinal));
        Assert.Equal("🍲🍵終🍲り🍵終わ🍲🍵", string.Concat(pieces));
    }

    [Fact]
    public async Task Ends_at_max_tokens()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text);
        var answer = await engine.AskAsync("hello", "\"max_tokens\":3");
        Assert.Equal("length", answer.Finish);
        Assert.Equal(3, (int)answer.Usage["completion_tokens"]!);
        Assert.StartsWith(answer.Text, Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_where_the_context_ends()
    {
        await using var engine = await LlamaSharpEngine.WithAsync(new Script("tick tock tack ") { Endless = true }, "--ctx-size", "128", "--parallel", "2");
        var answer = await engine.AskAsync("hello");
        Assert.Equal("length", answer.Finish);
        Assert.Equal(64, (int)answer.Usage["total_tokens"]!);
    }

    [Theory]
    [InlineData("\"wo thr\"", "Grüße aus der Küche 🍲: one t")]
    [InlineData("[\"no such\", \"four\", \"thr\"]", "Grüße aus der Küche 🍲: one two ")]
    [InlineData("[\"🍲: on\"]", "Grüße aus der Küche ")]
    public async Task A_stop_sequence_ends_the_answer_and_is_not_said(string stop, string expected)
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text);
        var answer = await engine.AskAsync("hello", $"\"stop\":{stop}");
        Assert.Equal(expected, answer.Text);
        Assert.Equal("stop", answer.Finish);
    }

    [Fact]
    public async Task What_only_begins_like_a_stop_sequence_is_said()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text);
        Assert.Equal(Text, (await engine.AskAsync("hello", """ "stop":["two thrifty","終わりだ","",null] """)).Text);
    }

    [Theory]
    [InlineData("\"temperature\":0")]
    [InlineData("\"temperature\":1.5,\"top_p\":0.9,\"top_k\":0,\"min_p\":0,\"seed\":7")]
    [InlineData("\"temperature\":0.2,\"repeat_penalty\":1.05,\"seed\":-1")]
    public async Task Takes_the_ways_of_choosing(string choice)
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text);
        Assert.Equal(Text, (await engine.AskAsync("hello", choice)).Text);
    }

    [Fact]
    public async Task The_same_seed_says_the_same()
    {
        await using var engine = await LlamaSharpEngine.RandomAsync("10M", "--ctx-size", "512");
        const string seeded = "\"seed\":42,\"max_tokens\":20";
        var first = await engine.AskAsync("hello", seeded);
        Assert.Equal(first.Text, (await engine.AskAsync("hello", seeded)).Text);
        Assert.NotEqual(first.Text, (await engine.AskAsync("hello", "\"seed\":43,\"max_tokens\":20")).Text);
    }

    [Fact]
    public async Task Tells_how_far_the_prompt_is_read_when_asked()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text, "--batch-size", "64");
        var answer = await engine.AskAsync(new string('x', 1000), "\"return_progress\":true");
        var progress = answer.Chunks.Select(chunk => chunk["prompt_progress"]).OfType<JsonNode>().ToList();
        var total = (int)answer.Usage["prompt_tokens"]!;
        Assert.All(progress, step => Assert.Equal(total, (int)step["total"]!));
        Assert.Equal([.. Enumerable.Range(0, 16).Select(step => step * 64), total], progress.Select(step => (int)step["processed"]!));
        Assert.Equal(Text, answer.Text);
    }

    [Fact]
    public async Task Skips_the_thoughts_when_they_are_turned_off()
    {
        await using var engine = await LlamaSharpEngine.WithAsync(new Script("<think>\nHm.\n</think>\n\nYes, of course.") { ChatTemplate = ChatTemplates.Qwen3 });
        Assert.StartsWith("<think>", (await engine.AskAsync("hello")).Text, StringComparison.Ordinal);
        Assert.Equal("Yes, of course.", (await engine.AskAsync("hello", """ "chat_template_kwargs":{"enable_thinking":false} """)).Text.Trim());
    }

    [Fact]
    public async Task A_template_that_is_not_known_gives_ChatML_and_a_warning()
    {
        await using var engine = await LlamaSharpEngine.WithAsync(new Script(Text) { ChatTemplate = "{% for m in messages %}{{ m.content }}{% endfor %}" });
        var props = (await engine.GetAsync("props")).Body;
        Assert.Contains("ChatML", (string?)Assert.Single(props["warnings"]!.AsArray()), StringComparison.Ordinal);
        var answer = await engine.AskAsync("hello");
        Assert.Equal(Text, answer.Text);
        // <|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n: each marker is one token, and so is every other character.
        Assert.Equal(3 + "user\nhello\nassistant\n".Length, (int)answer.Usage["prompt_tokens"]!);
    }
}
