using LocalMcp.Chat;
using LocalMcp.TestModels;
using LocalMcp.Tests.Keeper;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Chat.Budget;

/// <summary>The budget with a real llama-server. A byte is a token for scripted models, and some for the template.</summary>
public sealed class EngineBudgetTests
{
    [Fact]
    public async Task A_prompt_that_is_too_long_is_refused_with_the_engines_own_count_before_anything_is_generated()
    {
        using var home = new EngineHome().Says("plain", "Hello.", contextLength: 4_096);
        await using var house = home.House();
        var request = new ChatRequest("Explain.") { Files = new FileSet([new QuotedFile("large.txt", new string('a', 5_000)), new QuotedFile("small.txt", new string('b', 1_000))], []) };
        var began = false;
        var failure = await Assert.ThrowsAnyAsync<LocalMcpException>(() => house.AskAsync(request with { Model = "plain" }, delta => began |= delta is ChatDelta.Text or ChatDelta.Held or ChatDelta.Progress { Message: ['r', 'e', 'a', 'd', 'i', 'n', 'g', ..] }));
        Assert.Matches(@"^The prompt has 6,0\d\d tokens, and this model is served with a context of 4,096 by engine at .*\. Largest: large\.txt 5,\d\d\d, small\.txt 1,0\d\d\. It fits without large\.txt", failure.Message);
        Assert.EndsWith("It was trained for no more than 4,096.", failure.Message, StringComparison.Ordinal);
        Assert.False(began);
        Assert.Equal("Hello.", (await house.AskAsync("hi", "plain")).Text);
    }

    [Fact]
    public async Task An_answer_is_asked_for_no_more_tokens_than_the_prompt_leaves()
    {
        using var home = new EngineHome();
        ScriptedModel.Write(home.Model("endless"), new Script("tick " + string.Concat(Enumerable.Range(4_096, 1_000).Select(i => $"{i:x} "))) { Endless = true, ContextLength = 4_096 });
        await using var house = home.House();
        var reply = await house.AskAsync(new ChatRequest(string.Join('-', Enumerable.Range(1_000, 740)), Model: "endless", MaxTokens: 100_000));
        Assert.True(reply.Prompt?.IsExact);
        Assert.Equal(reply.Prompt?.Expected, reply.Usage.PromptTokens);
        Assert.Equal(4_096, reply.Usage.PromptTokens + reply.Usage.AnswerTokens);
        Assert.Equal((FinishReason.Length, null), (reply.Finish, reply.Cut));
    }
}
