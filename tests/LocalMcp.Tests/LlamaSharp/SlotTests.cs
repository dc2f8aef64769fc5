using LocalMcp.TestModels;

namespace LocalMcp.Tests.LlamaSharp;

/// <summary>Several conversations at once, what slots remember, and what becomes of conversations that are given up.</summary>
public sealed class SlotTests
{
    private const string Text = "All is well that ends well, or so they say in the old house.";
    private static readonly Script Endless = new("tick tock tack ") { Endless = true, ContextLength = 131_072 };
    private static readonly string LongPrompt = string.Concat(Enumerable.Range(0, 300).Select(number => $"{number} bottles "));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Four_questions_at_once_are_all_answered(int slots)
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text, "--parallel", $"{slots}", "--ctx-size", $"{slots * 1024}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => engine.AskAsync($"{number} times hello")));
        Assert.All(answers, answer => Assert.Equal((Text, "stop", true), (answer.Text, answer.Finish, answer.Done)));
    }

    [Fact]
    public async Task A_batch_never_takes_more_than_it_may_hold()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text, "--parallel", "4", "--ctx-size", "32768", "--batch-size", "32");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => engine.AskAsync($"{number}{LongPrompt}")));
        Assert.All(answers, answer => Assert.Equal(Text, answer.Text));
    }

    [Fact]
    public async Task A_second_question_about_the_same_text_reads_only_the_rest()
    {
        await using var engine = await LlamaSharpEngine.SayingAsync(Text, "--ctx-size", "8192");
        var first = await engine.AskAsync(LongPrompt + "First question?");
        var second = await engine.AskAsync(LongPrompt + "And now another one?");
        Assert.Equal(0, (int)first.Timings["cache_n"]!);
        Assert.InRange((int)second.Timings["cache_n"]!, LongPrompt.Length, (int)second.Usage["prompt_tokens"]! - 1);
        Assert.Equal(Text, second.Text);
    }

    [Fact]
    public async Task What_a_busy_slot_has_read_serves_the_next_one_too()
    {
        await using var engine = await LlamaSharpEngine.WithAsync(Endless, "--ctx-size", "16384", "--parallel", "2");
        await using var first = engine.FollowAsync(LongPrompt + "First question?").GetAsyncEnumerator();
        while (first.Current?.Said() is not { Length: > 0 })
            Assert.True(await first.MoveNextAsync());
        var second = await engine.AskAsync(LongPrompt + "Second?", "\"max_tokens\":5");
        Assert.InRange((int)second.Timings["cache_n"]!, LongPrompt.Length, (int)second.Usage["prompt_tokens"]! - 1);
        Assert.True(await first.MoveNextAsync());
    }

    [Fact]
    public async Task The_same_prompt_gives_the_same_answer_with_and_without_what_is_remembered()
    {
        await using var engine = await LlamaSharpEngine.RandomAsync("10M", "--ctx-size", "16384", "--parallel", "2");
        const string fixedChoice = "\"temperature\":0,\"max_tokens\":24";
        var cold = await engine.AskAsync(LongPrompt, fixedChoice);
        var warm = await engine.AskAsync(LongPrompt, fixedChoice);
        Assert.True((int)warm.Timings["cache_n"]! > 0);
        Assert.Equal(cold.Text, warm.Text);
    }

    [Fact]
    public async Task An_answer_that_is_given_up_frees_its_slot()
    {
        await using var engine = await LlamaSharpEngine.WithAsync(Endless, "--ctx-size", "131072");
        await foreach (var chunk in engine.FollowAsync("hello"))
        {
            if (chunk.Said() is { Length: > 0 })
                break;
        }
        Assert.Equal("length", (await engine.AskAsync("hello again", "\"max_tokens\":3")).Finish);
    }

    [Fact]
    public async Task A_prompt_that_is_given_up_is_not_read_to_its_end()
    {
        await using var engine = await LlamaSharpEngine.RandomAsync("100M", "--ctx-size", "32768", "--batch-size", "2048");
        var prompt = new string('x', 25_000);
        await ReadABitAsync(engine, prompt);
        Assert.Equal("length", (await engine.AskAsync("hello", "\"max_tokens\":2")).Finish);
        Assert.InRange(await ReadABitAsync(engine, "y" + prompt), 0, 20_000);
    }

    [Fact]
    public async Task Giving_up_one_prompt_does_not_touch_the_others()
    {
        await using var engine = await LlamaSharpEngine.RandomAsync("10M", "--ctx-size", "32768", "--parallel", "2");
        const string fixedChoice = "\"temperature\":0,\"max_tokens\":150";
        var alone = await engine.AskAsync("hello", fixedChoice);
        var beside = engine.AskAsync("hello", fixedChoice);
        while (!beside.IsCompleted)
            await ReadABitAsync(engine, Guid.NewGuid() + new string('x', 10_000));
        var answer = await beside;
        Assert.Equal(("length", 150), (answer.Finish, (int)answer.Usage["completion_tokens"]!));
        Assert.Equal((int)alone.Usage["completion_tokens"]!, (int)answer.Usage["completion_tokens"]!);
    }

    // Leaves as soon as a part of the prompt was read, and returns how much that was.
    private static async Task<int> ReadABitAsync(LlamaSharpEngine engine, string prompt)
    {
        await foreach (var chunk in engine.FollowAsync(prompt, "\"return_progress\":true"))
        {
            if ((int?)chunk["prompt_progress"]?["processed"] is > 0 and var read)
                return read;
        }
        Assert.Fail("Nothing was read.");
        return 0;
    }
}
