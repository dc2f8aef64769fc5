using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

/// <summary>What a caller reads when a server fails, in the words that count: who, why, what next.</summary>
public sealed class BadServerTests
{
    public static TheoryData<string> WholeAnswerNames => [.. WholeAnswers.Keys];

    public static TheoryData<string> BrokenAnswerNames => [.. BrokenAnswers.Keys];

    [Fact]
    public async Task A_server_that_is_down_is_named_with_cause_and_next_step()
    {
        var url = ClosedPort.Url();
        await using var house = House.With(url);
        var failure = await house.FailureAsync("hello", "some-model");
        Assert.Contains($"{url}: connection refused", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_went_down_after_it_was_found_is_named_and_found_again_when_it_is_back()
    {
        var server = await FakeModelServer.StartAsync();
        var port = new Uri(server.BaseUrl).Port;
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello");
        await server.DisposeAsync();
        Assert.Contains($"127.0.0.1:{port}: connection refused. Start the server", await house.FailureAsync("hello"), StringComparison.Ordinal);
        await using var again = await FakeModelServer.StartAsync(null, port);
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hello")).Text);
    }

    [Theory]
    [InlineData(ServerKind.OpenAi)]
    [InlineData(ServerKind.Ollama)]
    public async Task A_model_that_has_gone_is_named_with_those_that_are_there(ServerKind kind)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, Models = [new FakeModel("leaves:1"), new FakeModel("stays:1")] });
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello", "leaves:1");
        server.Options = server.Options with { Models = [new FakeModel("stays:1")] };
        var failure = await house.FailureAsync("hello", "leaves:1");
        Assert.Contains("\"leaves:1\"", failure, StringComparison.Ordinal);
        Assert.Contains("stays:1", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_key_is_answered_with_where_to_put_one_and_with_the_key_once_it_is_there()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { ApiKey = "secret" });
        await using (var house = House.With(server.BaseUrl))
            Assert.Contains("asks for an API key", await house.FailureAsync("hello"), StringComparison.Ordinal);
        await using var keyed = new House(null, null, ("LOCAL_MCP_URL", server.BaseUrl), ("LOCAL_MCP_API_KEY", "secret"));
        Assert.Equal("Hello from the scripted model.", (await keyed.AskAsync("hello")).Text);
    }

    [Theory]
    [InlineData(FaultScope.Chat)]
    [InlineData(FaultScope.Everything)]
    public async Task A_server_that_is_loading_is_waited_for_with_signs_of_life(FaultScope scope)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = 4, FaultsOn = scope });
        await using var house = House.With(server.BaseUrl);
        var told = new List<string>();
        var reply = await house.AskAsync("hello", watch: delta => told.AddRange(delta is LocalMcp.Chat.ChatDelta.Progress step ? [step.Message] : []));
        Assert.Equal("Hello from the scripted model.", reply.Text);
        Assert.Contains(told, line => line.Contains("Loading model", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_cannot_even_list_its_models_yet_is_waited_for()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Status = 503, StatusText = "Loading model", FaultsOn = FaultScope.Everything });
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync("hello", watch: delta =>
        {
            if (delta is LocalMcp.Chat.ChatDelta.Progress { Message: var told } && told.Contains("Loading model", StringComparison.Ordinal))
                server.Options = new FakeOptions();
        });
        Assert.Equal("Hello from the scripted model.", reply.Text);
    }

    [Fact]
    public async Task A_server_that_never_stops_loading_is_given_up_at_the_limit_which_is_named()
    {
        var clock = new ManualClock();
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = int.MaxValue });
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.BaseUrl));
        var asked = house.AskAsync("hello");
        while (await Task.WhenAny(asked, clock.WaitForTimerAsync(TimeSpan.FromSeconds(3))) != asked)
            clock.Advance(TimeSpan.FromMinutes(1));
        var failure = await Assert.ThrowsAnyAsync<LocalMcpException>(() => asked);
        Assert.Contains("still not ready after 10 min", failure.Message, StringComparison.Ordinal);
        Assert.Contains("limits.load_minutes", failure.Message, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, (FakeOptions Options, string Words)> WholeAnswers = new()
    {
        ["html"] = (new FakeOptions { Html = true }, "an HTML page"),
        ["half"] = (new FakeOptions { HalfJson = true }, "sent \""),
        ["shape"] = (new FakeOptions { UnknownShape = true }, "sent \""),
        ["redirect"] = (new FakeOptions { RedirectTo = "http://127.0.0.1:1" }, "redirect"),
        ["500"] = (new FakeOptions { Status = 500, StatusText = "the cat ate it" }, "\"the cat ate it\""),
        ["404"] = (new FakeOptions { Status = 404, StatusBody = "404 page not found" }, "404"),
        ["empty"] = (new FakeOptions { Answer = "" }, "answered with nothing"),
        ["reasoning only"] = (new FakeOptions { Reasoning = "Let me think about it.", Answer = "" }, "reasoning, with no answer"),
    };

    [Theory]
    [MemberData(nameof(WholeAnswerNames))]
    public async Task An_answer_that_is_none_is_an_error_that_says_what_came(string name)
    {
        var (options, words) = WholeAnswers[name];
        foreach (var kind in new[] { ServerKind.OpenAi, ServerKind.Ollama })
        {
            await using var server = await FakeModelServer.StartAsync(options with { Kind = kind });
            await using var house = House.With(server.BaseUrl);
            var failure = await house.FailureAsync("hello", think: true);
            Assert.True(failure.Contains(words, StringComparison.Ordinal), $"{name}, {kind}: {failure}");
        }
    }

    private static readonly Dictionary<string, (FakeOptions Options, string Cause)> BrokenAnswers = new()
    {
        ["drop"] = (new FakeOptions { DropAfterChunks = 2 }, "closed the connection"),
        ["end"] = (new FakeOptions { EndAfterChunks = 2 }, "without saying that it was complete"),
        ["error"] = (new FakeOptions { ErrorAfterChunks = 2, ErrorText = "the cat ate it" }, "the cat ate it"),
        ["garbage"] = (new FakeOptions { GarbageAfterChunks = 2 }, "where a"),
    };

    [Theory]
    [MemberData(nameof(BrokenAnswerNames))]
    public async Task An_answer_that_breaks_off_keeps_its_text_and_is_marked_with_the_cause(string name)
    {
        var (options, cause) = BrokenAnswers[name];
        foreach (var kind in new[] { ServerKind.OpenAi, ServerKind.Ollama })
        {
            await using var server = await FakeModelServer.StartAsync(options with { Kind = kind });
            await using var house = House.With(server.BaseUrl);
            var reply = await house.AskAsync("hello");
            Assert.True(reply.Text.Trim() == "Hello from", $"{name}, {kind}: {reply.Text}");
            Assert.Contains(cause, reply.Trouble, StringComparison.Ordinal);
            Assert.Contains("incomplete", reply.Render(), StringComparison.Ordinal);
            Assert.Contains("INCOMPLETE", reply.Footer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_stream_is_understood_all_the_same()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { NonStreaming = true });
        await using var house = House.With(server.BaseUrl);
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hello")).Text);
    }

    [Fact]
    public async Task A_server_without_models_says_so_and_what_to_do()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { EmptyModelList = true });
        await using var house = House.With(server.BaseUrl);
        Assert.Contains("There are no models to ask.", await house.FailureAsync("hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_on_a_port_that_is_no_model_server_is_told_as_one()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Status = 404, StatusBody = "nothing here", FaultsOn = FaultScope.Everything });
        await using var house = House.With(server.BaseUrl);
        Assert.Contains("is not a model server", await house.FailureAsync("hello"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "sent no token for 10 min", 11 * 60)]
    [InlineData(true, "went silent for 120 s", 121)]
    public async Task A_silent_server_is_left_at_the_limit_which_is_named(bool midway, string words, int seconds)
    {
        var clock = new ManualClock();
        await using var server = await FakeModelServer.StartAsync(midway ? new FakeOptions { HoldAfterChunks = 2 } : new FakeOptions { HoldBeforeHeaders = true });
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.BaseUrl));
        var heard = new TaskCompletionSource();
        var asked = house.AskAsync("hello", watch: delta =>
        {
            if (!midway || delta is LocalMcp.Chat.ChatDelta.Text or LocalMcp.Chat.ChatDelta.Held)
                heard.TrySetResult();
        });
        await heard.Task;
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(seconds));
        var told = midway ? (await asked).Trouble : (await Assert.ThrowsAnyAsync<LocalMcpException>(() => asked)).Message;
        Assert.Contains(words, told, StringComparison.Ordinal);
        await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_chat_is_one_request()
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello");
        server.ForgetRequests();
        for (var i = 0; i < 3; i++)
            await house.AskAsync("hello");
        Assert.Equal(Enumerable.Repeat("POST /v1/chat/completions", 3), server.Requests.Select(r => r.ToString()));
    }

    [Theory]
    [InlineData("openai", false, "{}")]
    [InlineData("openai", true, "{}")]
    [InlineData("vllm", false, """{"chat_template_kwargs":{"enable_thinking":false,"thinking":false}}""")]
    [InlineData("omlx", true, """{"chat_template_kwargs":{"enable_thinking":true,"thinking":true}}""")]
    [InlineData("lmstudio", false, """{"reasoning_effort":"none"}""")]
    [InlineData("lmstudio", true, """{"reasoning_effort":"medium"}""")]
    [InlineData("exo", false, """{"enable_thinking":false}""")]
    [InlineData("llama-server", false, """{"chat_template_kwargs":{"enable_thinking":false,"thinking":false},"reasoning_budget_tokens":1,"thinking_budget_tokens":0,"return_progress":true}""")]
    [InlineData("llama-server", true, """{"chat_template_kwargs":{"enable_thinking":true,"thinking":true},"return_progress":true}""")]
    public async Task Each_server_gets_the_fields_that_it_knows_and_no_others(string kind, bool think, string fields)
    {
        var options = new FakeOptions { Kind = Enum.GetValues<ServerKind>().Single(k => string.Equals(k.ToString(), kind.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) };
        await using var server = await FakeModelServer.StartAsync(options with { Models = [options.Models[0] with { Loaded = true }] });
        await using var house = House.With(server.BaseUrl);
        await house.AskAsync("hello", system: "be brief", think: think);
        var body = server.Requests.Last(r => r.Path.EndsWith("/chat/completions", StringComparison.Ordinal)).Json()!.AsObject();
        Assert.True((bool)body["stream"]!);
        Assert.Equal(["system", "user"], body["messages"]!.AsArray().Select(m => (string)m!["role"]!));
        foreach (var field in (string[])["model", "messages", "stream", "stream_options"])
            Assert.True(body.Remove(field));
        Assert.Equal(fields, body.ToJsonString());
    }

    [Fact]
    public async Task Ollama_is_asked_over_its_own_API_never_to_truncate()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama });
        await using var house = House.With(server.BaseUrl + "/v1");
        await house.AskAsync("hello", maxTokens: 5);
        var body = server.Requests.Last(r => r.Path == "/api/chat").Json()!;
        Assert.False((bool)body["truncate"]!);
        Assert.False((bool)body["think"]!);
        Assert.Equal(5, (int)body["options"]!["num_predict"]!);
    }
}
