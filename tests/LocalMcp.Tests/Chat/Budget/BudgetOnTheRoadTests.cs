using System.Text.Json.Nodes;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Chat.Budget;

/// <summary>The budget through servers that are real ones on real sockets. A word is a token for them.</summary>
public sealed class BudgetOnTheRoadTests
{
    private static readonly FakeModel Small = new("scripted-plain") { ServedContext = 4_096 };

    [Theory]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.Vllm)]
    public async Task A_short_prompt_costs_no_request_beside_the_chat(ServerKind kind)
    {
        await using var server = await StartAsync(kind);
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello");
        server.ForgetRequests();
        await house.AskAsync(Words(500));
        Assert.Equal(["/v1/chat/completions"], server.Requests.Select(request => request.Path));
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer, "start llama-server with a --ctx-size that gives each of its slots 7168")]
    [InlineData(ServerKind.Vllm, "start vLLM with --max-model-len 7168")]
    public async Task A_prompt_that_is_too_long_is_refused_with_the_servers_own_count_before_it_is_sent(ServerKind kind, string advice)
    {
        await using var server = await StartAsync(kind);
        await using var house = House.With(server.BaseUrl);
        var request = new ChatRequest("word word") { Files = new FileSet([new QuotedFile("a.txt", Words(5_000)), new QuotedFile("b.txt", Words(700))], []) };
        var failure = await Assert.ThrowsAnyAsync<LocalMcpException>(() => house.AskAsync(request));
        Assert.Matches(@"^The prompt has 5,702 tokens, and this model is served with a context of 4,096 by .*\. Largest: a\.txt (4,9|5,0)\d\d, b\.txt [67]\d\d\. It fits without a\.txt", failure.Message);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, one => one.Path == "/v1/chat/completions");
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.Vllm)]
    public async Task A_long_prompt_that_fits_bounds_the_answer_to_what_is_left(ServerKind kind)
    {
        await using var server = await StartAsync(kind);
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync(Words(3_000), maxTokens: 5_000);
        Assert.Equal(1_096, (int)Chats(server)[^1]["max_tokens"]!);
        Assert.Equal(3_000, reply.Prompt?.Expected);
        Assert.Null(reply.Cut);
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.Vllm)]
    public async Task A_prompt_with_more_bytes_than_the_context_has_tokens_is_not_counted_where_the_most_of_its_estimate_fits_with_the_answer(ServerKind kind)
    {
        await using var server = await StartAsync(kind, options => options with { Models = [Small with { ServedContext = 16_384 }] });
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello");
        server.ForgetRequests();
        var reply = await house.AskAsync(Words(4_000), maxTokens: 2_000);
        Assert.Equal(["/v1/chat/completions"], server.Requests.Select(request => request.Path));
        Assert.Equal((2_000, false), ((int)Chats(server)[0]["max_tokens"]!, reply.Prompt?.IsExact));
        Assert.InRange(4_000, reply.Prompt!.Value.Low, reply.Prompt.Value.High);
        await house.AskAsync(Words(4_000), maxTokens: 12_200);
        Assert.Contains(server.Requests, request => request.Path == "/tokenize");
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.Vllm)]
    public async Task The_same_text_is_counted_once_also_when_another_question_follows_it(ServerKind kind)
    {
        await using var server = await StartAsync(kind);
        await using var house = House.With(server.BaseUrl);
        Assert.Equal(TokenCount.Exact(3_001), (await house.AskAsync(Words(3_000) + "why?")).Prompt);
        server.ForgetRequests();
        Assert.Equal(TokenCount.Exact(3_001), (await house.AskAsync(Words(3_000) + "why?")).Prompt);
        var other = (await house.AskAsync(Words(3_000) + "and what does it cost?")).Prompt!.Value;
        Assert.InRange(3_005, other.Low, other.High);
        Assert.InRange(other.High, 3_005, 3_060);
        Assert.All(server.Requests, request => Assert.Equal("/v1/chat/completions", request.Path));
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.Vllm)]
    public async Task What_was_refused_is_asked_again_for_the_server_may_have_more_context_by_now(ServerKind kind)
    {
        await using var server = await StartAsync(kind);
        await using var house = House.With(server.BaseUrl);
        Assert.StartsWith("The prompt has 5,000 tokens", await house.FailureAsync(Words(5_000)), StringComparison.Ordinal);
        server.Options = server.Options with { Models = [Small with { ServedContext = 8_192 }] };
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync(Words(5_000))).Text);
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.Vllm)]
    public async Task A_server_that_cannot_count_is_asked_all_the_same(ServerKind kind)
    {
        await using var server = await StartAsync(kind, options => options with { CountsTokens = false });
        await using var house = House.With(server.BaseUrl);
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync(Words(3_000))).Text);
        Assert.False((await house.AskAsync(Words(3_001))).Prompt?.IsExact);
    }

    [Fact]
    public async Task Ollama_loads_a_model_for_a_long_prompt_and_says_so_before_it_is_sent()
    {
        await using var server = await StartAsync(ServerKind.Ollama);
        await using var house = House.With(server.BaseUrl);
        List<string> told = [];
        await house.AskAsync(new ChatRequest(Words(2_500)), delta => told.AddRange(delta is ChatDelta.Progress step ? [step.Message] : []));
        Assert.Contains("loading scripted-plain:latest", told);
        Assert.Equal([0, 1], Chats(server).Select(chat => chat["messages"]!.AsArray().Count));
        Assert.InRange((int)Chats(server)[1]["options"]!["num_predict"]!, 1, 1_596);
        server.ForgetRequests();
        await house.AskAsync(Words(2_501));
        Assert.Equal(["/api/chat"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task Ollama_is_asked_nothing_more_for_a_short_prompt()
    {
        await using var server = await StartAsync(ServerKind.Ollama);
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello");
        server.ForgetRequests();
        await house.AskAsync("hello again");
        Assert.Equal(["/api/chat"], server.Requests.Select(request => request.Path));
        Assert.Null(Chats(server)[0]["options"]);
    }

    [Fact]
    public async Task Ollama_gets_no_prompt_that_cannot_fit()
    {
        await using var server = await StartAsync(ServerKind.Ollama);
        await using var house = House.With(server.BaseUrl);
        var failure = await house.FailureAsync(Words(30_000));
        Assert.Matches(@"^The prompt has about \d\d,000 tokens, and this model is served with a context of 4,096 by ollama at .*\. Make it shorter by about .* set ollama\.context_length in settings\.json to 32768", failure);
        Assert.Equal([0], Chats(server).Select(chat => chat["messages"]!.AsArray().Count));
    }

    [Fact]
    public async Task Ollama_is_asked_for_the_context_of_the_settings_with_every_chat_and_never_for_more_than_the_model_was_trained_for()
    {
        await using var server = await StartAsync(ServerKind.Ollama, options => options with { Models = [Small, new FakeModel("tiny", ContextLength: 6_000)] });
        using var home = new TemporaryHome().WithSettings("""{"ollama":{"context_length":12288}}""");
        await using var house = new House(home, null, ("LOCAL_MCP_URL", server.BaseUrl));
        await house.AskAsync("hello", "plain");
        await house.AskAsync(Words(3_000), "plain");
        await house.AskAsync("hello", "tiny");
        Assert.Equal([12_288, 12_288, 6_000], Chats(server).Select(chat => (int)chat["options"]!["num_ctx"]!));
        Assert.All(Chats(server), chat => Assert.Null(chat["shift"]));
        Assert.All(Chats(server), chat => Assert.False((bool)chat["truncate"]!));
    }

    [Theory]
    [InlineData(ServerKind.Ollama, "The server read 2,050 of about ", "TEXT DROPPED BY THE SERVER")]
    [InlineData(ServerKind.OpenAi, "The server says that it read 2,050 prompt tokens, and by our estimate there were about ", "PROMPT PERHAPS CUT BY THE SERVER")]
    public async Task A_prompt_that_was_cut_in_silence_is_told_in_the_answer(ServerKind kind, string words, string ending)
    {
        await using var server = await StartAsync(kind, options => options with { PromptTokens = 2_050 });
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync(Words(4_500));
        Assert.StartsWith(words, reply.Cut!.Sentence, StringComparison.Ordinal);
        Assert.Contains($"\n\n{reply.Cut.Sentence}\n— scripted-plain", reply.Render(), StringComparison.Ordinal);
        Assert.Contains(ending, reply.Footer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerKind.Ollama)]
    [InlineData(ServerKind.OpenAi)]
    public async Task A_server_that_counts_only_what_was_not_cached_raises_no_alarm(ServerKind kind)
    {
        await using var server = await StartAsync(kind);
        await using var house = House.With(server.BaseUrl);
        var prompt = $"{Guid.NewGuid()} {Words(4_500)}";
        Assert.Null((await house.AskAsync(prompt)).Cut);
        server.Options = server.Options with { PromptTokens = 12 };
        Assert.Null((await house.AskAsync(prompt)).Cut);
    }

    [Fact]
    public async Task An_answer_of_Ollamas_that_ran_beyond_a_context_that_was_not_known_is_told()
    {
        await using var server = await StartAsync(ServerKind.Ollama, options => options with { PromptTokens = 1_500, Answer = string.Join(' ', Enumerable.Range(0, 3_000)) });
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync("hello");
        Assert.Contains("prompt and answer have 4,500 tokens, and its context has 4,096", reply.Cut!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overflow_that_comes_as_an_error_in_the_stream_is_told_as_ours()
    {
        const string Error = "Trying to keep the first 15857 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input";
        await using var server = await StartAsync(ServerKind.LmStudio, options => options with { ErrorAfterChunks = 0, ErrorText = Error });
        await using var house = House.With(server.BaseUrl);
        var request = new ChatRequest("Explain.") { Files = new FileSet([new QuotedFile("a.txt", Words(1_500))], []) };
        var failure = await Assert.ThrowsAnyAsync<LocalMcpException>(() => house.AskAsync(request));
        Assert.Matches(@"^The prompt has 15,857 tokens, and this model is served with a context of 4,096 by lmstudio at .*Largest: a\.txt 15,\d\d\d\. ", failure.Message);
        Assert.Contains("load it in LM Studio with a context length of", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_without_numbers_gets_ours()
    {
        await using var server = await StartAsync(ServerKind.Ollama, options => options with { Status = 400, StatusText = "the prompt is longer than the context length currently available to the model; shorten the prompt" });
        await using var house = House.With(server.BaseUrl);
        Assert.Matches(@"^The prompt has about \d+ tokens, and this model is served with a ", await house.FailureAsync("hello"));
    }

    private static Task<FakeModelServer> StartAsync(ServerKind kind, Func<FakeOptions, FakeOptions>? with = null)
    {
        var options = new FakeOptions { Kind = kind, Models = [Small] };
        return FakeModelServer.StartAsync(with?.Invoke(options) ?? options, cancellationToken: TestContext.Current.CancellationToken);
    }

    // As many tokens for a real tokenizer.
    private static string Words(int count) => string.Concat(Enumerable.Repeat("word ", count));

    private static List<JsonNode> Chats(FakeModelServer server) =>
        [.. server.Requests.Where(request => request.Path is "/api/chat" or "/v1/chat/completions").Select(request => request.Json()!)];
}
