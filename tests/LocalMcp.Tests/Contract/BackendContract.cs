using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Contract;

/// <summary>
/// What every backend keeps, proven on the whole road: the same questions to Ollama, to an OpenAI-compatible server and to the engine.
/// A backend comes with three models: one that says <see cref="Text"/>, one that never ends, and one that reasons before it says it.
/// </summary>
public abstract class BackendContract
{
    protected const string Text = "Hello from the scripted model.\n\n```csharp\n    return 1;\n```\n";
    protected const string Thoughts = "The user wants a greeting.";

    private protected abstract Task<Stage> SetUpAsync();

    [Fact]
    public async Task Lists_the_models_that_it_has()
    {
        await using var stage = await SetUpAsync();
        var listing = await stage.House.Directory.ListAsync(TestContext.Current.CancellationToken);
        Assert.All([stage.Plain, stage.Endless, stage.Thinker], name => Assert.Single(listing.Models, m => m.Name == name && m.Backend == stage.Backend));
    }

    [Fact]
    public async Task Answers_word_for_word_and_says_what_it_cost()
    {
        await using var stage = await SetUpAsync();
        var reply = await stage.House.AskAsync("hello", stage.Plain);
        Assert.Equal(Text, reply.Text);
        Assert.Equal(LocalMcp.Chat.FinishReason.Stop, reply.Finish);
        Assert.Equal(stage.Plain, reply.Model.Name);
        Assert.True(reply.Usage.AnswerTokens > 0);
        Assert.NotNull(reply.FirstToken);
        Assert.False(reply.Reasoned);
        Assert.StartsWith($"— {stage.Plain} ({stage.Backend}) · {reply.Usage.AnswerTokens} tokens", reply.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_reasoning_out_and_says_so()
    {
        await using var stage = await SetUpAsync();
        var reply = await stage.House.AskAsync("hello", stage.Thinker, think: true);
        Assert.Equal(Text, reply.Text);
        Assert.True(reply.Reasoned);
        Assert.Matches("reasoning tokens removed", reply.Footer);
    }

    [Fact]
    public async Task Ends_at_max_tokens_and_says_so()
    {
        await using var stage = await SetUpAsync();
        var reply = await stage.House.AskAsync("hello", stage.Endless, maxTokens: 7);
        Assert.Equal(LocalMcp.Chat.FinishReason.Length, reply.Finish);
        Assert.Equal(7, reply.Usage.AnswerTokens);
        Assert.Contains("7 tokens · cut at max_tokens 7", reply.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_answer_ends_as_cancelled_and_the_next_question_is_answered()
    {
        await using var stage = await SetUpAsync();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stage.House.AskAsync("hello", stage.Endless, watch: delta =>
        {
            if (delta is LocalMcp.Chat.ChatDelta.Text or LocalMcp.Chat.ChatDelta.Held)
                cancel.Cancel();
        }, cancellationToken: cancel.Token));
        await stage.UpstreamHasStoppedAsync();
        Assert.Equal(Text, (await stage.House.AskAsync("hello", stage.Plain)).Text);
    }

    [Fact]
    public async Task Answers_several_questions_at_once()
    {
        await using var stage = await SetUpAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => stage.House.AskAsync("hello", stage.Plain)));
        Assert.All(replies, reply => Assert.Equal(Text, reply.Text));
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_is_refused_with_the_numbers_that_the_backend_gives()
    {
        await using var stage = await SetUpAsync();
        Assert.Matches(OverflowWords, await stage.AskTooMuchAsync());
    }

    /// <summary>Where the backend's error is typed the sentence is ours; else it is the server's own, quoted.</summary>
    private protected virtual string OverflowWords => @"The prompt has (about )?[\d,]+ tokens, and this model is served with a context of [\d,]+";

    /// <summary>A backend with its models, in a house that knows it.</summary>
    private protected sealed record Stage(House House, string Backend, string Plain, string Endless, string Thinker, Func<Task> UpstreamHasStoppedAsync, Func<Task<string>> AskTooMuchAsync, Func<ValueTask> TearDown) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await House.DisposeAsync();
            await TearDown();
        }
    }
}
