using LocalMcp.FakeServer;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>The built program as a client sees it, in both eras of the protocol.</summary>
public sealed class ServeTests : IDisposable
{
    private const string Answer = "Hello from the scripted model.";

    private readonly TemporaryHome home = new();

    public static TheoryData<string> Eras => ServerSession.Eras;

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Chat_answers_through_an_OpenAI_compatible_server(string era)
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl + "/v1"));
        Assert.Matches($@"^{Answer}\n\n— scripted-plain \(openai\) · \d+ tokens( · [\d.]+ tok/s)? · first token [\d.]+ s$", await session.TextAsync("chat", new { prompt = "hi" }));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Chat_answers_through_Ollama(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama });
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Matches($@"^{Answer}\n\n— scripted-plain:latest \(ollama\) · \d+ tokens · [\d.]+ tok/s · first token [\d.]+ s$", await session.TextAsync("chat", new { prompt = "hi", system = "", think = false }));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Chat_answers_through_the_engine_which_stays_for_the_next_session(string era)
    {
        Directory.CreateDirectory(home.ModelFolder);
        ScriptedModel.Write(Path.Combine(home.ModelFolder, "real.gguf"), new Script(Answer));
        (string, string)[] variables = [("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url())];
        for (var sessions = 0; sessions < 2; sessions++)
        {
            await using var session = await ServerSession.StartAsync(home, era, null, variables);
            Assert.Matches($@"^{Answer}\n\n— real \(engine\) · \d+ tokens · [\d.]+ tok/s · first token [\d.]+ s$", await session.TextAsync("chat", new { prompt = "hi" }));
            Assert.Matches(@"1  real +\d+ MB fits +– +4k +engine +loaded", await session.TextAsync("list_models"));
        }
        Assert.Single(Directory.GetDirectories(home.KeeperFolder, "engine-*"));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task The_smoke_test_proves_the_engine_on_a_machine_without_models(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { EmptyModelList = true });
        await using var session = await ServerSession.StartAsync(home, era, null, ("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Contains("It is the smoke-test model", await session.TextAsync("set_model", new { name = "smoke" }), StringComparison.Ordinal);
        var text = await session.TextAsync("quick_test", new { prompt = "hello" });
        Assert.Contains("Reply: This is LocalMcp's built-in smoke-test model", text, StringComparison.Ordinal);
        Assert.Contains("proves the engine but is no real model", text, StringComparison.Ordinal);
        Assert.Equal("PASS smoke-test (engine) answers.", text.Split('\n')[^1]);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_switch_is_kept_said_and_seen_by_the_next_session(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("qwen-14b"), new FakeModel("qwen-32b")] });
        await using (var first = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl)))
        {
            Assert.Contains("1 qwen-14b (openai), 2 qwen-32b (openai)", await first.ErrorAsync("chat", new { prompt = "hi" }), StringComparison.Ordinal);
            Assert.Matches(@"^The active model is now qwen-32b \(openai\)\. None was chosen before\.\nPASS qwen-32b \(openai\) answers: first token [\d.]+ s, .+\.$", await first.TextAsync("set_model", new { name = "32b" }));
            Assert.Contains("matches 2 models: 1 qwen-14b (openai), 2 qwen-32b (openai)", await first.ErrorAsync("set_model", new { name = "qwen" }), StringComparison.Ordinal);
            Assert.Contains("No model matches \"llama\". There are: 1 qwen-14b", await first.ErrorAsync("set_model", new { name = "llama" }), StringComparison.Ordinal);
        }
        await using var second = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Contains("— qwen-32b (openai)", await second.TextAsync("chat", new { prompt = "hi" }), StringComparison.Ordinal);
        Assert.Contains("● 2  qwen-32b", await second.TextAsync("list_models"), StringComparison.Ordinal);
        Assert.Contains("It replaces openai/qwen-32b.", await second.TextAsync("set_model", new { name = "1" }), StringComparison.Ordinal);
        Assert.Equal("openai/qwen-14b\n", await File.ReadAllTextAsync(home.ActiveModelFile, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Without_a_name_set_model_opens_a_menu_where_the_client_has_one(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("small"), new FakeModel("large")] });
        home.WithActive("openai/large");
        ElicitRequestParams? asked = null;
        await using var session = await ServerSession.StartAsync(home, era, Choose, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Contains("now small (openai)", await session.TextAsync("set_model"), StringComparison.Ordinal);
        var field = Assert.IsType<ElicitRequestParams.TitledSingleSelectEnumSchema>(Assert.Single(asked!.RequestedSchema!.Properties).Value);
        Assert.Equal(["openai/large", "openai/small"], field.OneOf.Select(o => o.Const));
        Assert.Equal("openai/large", field.Default);
        Assert.StartsWith("● 1 large · openai", field.OneOf[0].Title, StringComparison.Ordinal);
        Assert.StartsWith("2 small · openai", field.OneOf[1].Title, StringComparison.Ordinal);

        ElicitResult Choose(ElicitRequestParams? question)
        {
            asked = question;
            return new ElicitResult { Action = "accept", Content = new Dictionary<string, System.Text.Json.JsonElement> { ["model"] = System.Text.Json.JsonSerializer.SerializeToElement("openai/small") } };
        }
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Without_a_name_and_a_menu_set_model_gives_the_numbered_list_and_changes_nothing(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("small"), new FakeModel("large")] });
        await using (var silent = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl)))
            Assert.Matches(@"^Nothing was changed\.(.|\n)*  1  large(.|\n)*  2  small", await silent.TextAsync("set_model"));
        await using var alone = await ServerSession.StartAsync(home, era, _ => new ElicitResult { Action = "cancel" }, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Matches(@"^Nothing was changed\.(.|\n)*  2  small", await alone.TextAsync("set_model"));
        await using var declining = await ServerSession.StartAsync(home, era, _ => new ElicitResult { Action = "decline" }, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Equal("Nothing was changed: the user declined the menu.", await declining.TextAsync("set_model"));
        Assert.False(File.Exists(home.ActiveModelFile));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Quick_test_warns_when_another_model_answered_and_fails_with_the_next_step(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { AnsweredModel = "somebody-else", Reasoning = "hm" });
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        var text = await session.TextAsync("quick_test");
        Assert.Contains("· the backend says somebody-else answered ·", await session.TextAsync("chat", new { prompt = "hi" }), StringComparison.Ordinal);
        Assert.Contains("Model that answered: somebody-else\nWARNING", text, StringComparison.Ordinal);
        Assert.Contains("Reasoning: found and stripped", text, StringComparison.Ordinal);
        Assert.StartsWith("PASS", text.Split('\n')[^1], StringComparison.Ordinal);
        server.Options = new FakeOptions { Answer = "" };
        Assert.StartsWith("FAIL no answer: scripted-plain (openai) answered with nothing. Rephrase", (await session.ErrorAsync("quick_test")).Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task An_argument_that_is_wrong_is_named_with_what_is_allowed_before_anything_is_sent(string era)
    {
        await using var server = await FakeModelServer.StartAsync();
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.Equal("chat needs the argument \"prompt\" (a text that is not empty), which is missing. Its arguments are: prompt (required), files, system, model, max_tokens, think, json_schema.", await session.ErrorAsync("chat"));
        Assert.Contains("\"prompt\" is null; it must be a text", await session.ErrorAsync("chat", new { prompt = (string?)null }), StringComparison.Ordinal);
        Assert.Contains("\"prompt\" is empty", await session.ErrorAsync("chat", new { prompt = " " }), StringComparison.Ordinal);
        Assert.Contains("\"max_tokens\" is -1; it must be a whole number from 0 to 1,000,000", await session.ErrorAsync("chat", new { prompt = "x", max_tokens = -1 }), StringComparison.Ordinal);
        Assert.Contains("\"max_tokens\" is 1.5", await session.ErrorAsync("chat", new { prompt = "x", max_tokens = 1.5 }), StringComparison.Ordinal);
        Assert.Contains("\"think\" is a text; it must be true or false", await session.ErrorAsync("chat", new { prompt = "x", think = "yes" }), StringComparison.Ordinal);
        Assert.Contains("list_models has no argument \"all\". It takes no arguments.", await session.ErrorAsync("list_models", new { all = true }), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task A_part_of_an_answer_is_an_error_with_the_text_unless_the_client_would_cut_it(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { DropAfterChunks = 2 });
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        Assert.StartsWith("Hello from", await session.ErrorAsync("chat", new { prompt = "hi" }), StringComparison.Ordinal);
        server.Options = new FakeOptions { DropAfterChunks = 2, Chunks = [new string('a', 20_000), "b", "c"] };
        var text = await session.TextAsync("chat", new { prompt = "hi" });
        Assert.StartsWith(new string('a', 20_000), text, StringComparison.Ordinal);
        Assert.Contains("The text so far is above, incomplete.", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Broken_settings_are_told_by_every_tool_and_the_server_lives_on(string era)
    {
        await using var server = await FakeModelServer.StartAsync();
        home.WithSettings("{\n  \"nonsense\": 1\n}");
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        foreach (var tool in new[] { "list_models", "quick_test", "set_model" })
            Assert.Contains($"{home.SettingsFile}, line 2: \"nonsense\" is not a setting", await session.ErrorAsync(tool), StringComparison.Ordinal);
        home.WithSettings("{}");
        Assert.Contains(Answer, await session.TextAsync("chat", new { prompt = "hi" }), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Progress_is_told_while_the_model_works(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = 3 });
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.TextAsync("chat", new { prompt = "hi" });
        Assert.Contains(session.Progress, line => line.Contains("loading", StringComparison.OrdinalIgnoreCase) || line.Contains("waiting for the first token", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Calls_run_at_once(string era)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true });
        await using var session = await ServerSession.StartAsync(home, era, null, ("LOCAL_MCP_URL", server.BaseUrl));
        var calls = Enumerable.Range(0, 8).Select(_ => session.TextAsync("chat", new { prompt = "hi" })).ToList();
        await server.WaitForAsync(request => request.Held, 8, TestContext.Current.CancellationToken);
        server.Release(8);
        Assert.All(await Task.WhenAll(calls), text => Assert.Contains(Answer, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_tool_is_a_protocol_error()
    {
        await using var session = await ServerSession.StartAsync(home, "2025-11-25");
        await Assert.ThrowsAsync<McpProtocolException>(() => session.CallAsync("no_such_tool"));
    }

    public void Dispose() => home.Dispose();
}
