using System.Net.Sockets;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Keeper;
using LocalMcp.Tests.Launch;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Cli;

/// <summary><c>local-mcp claude</c> as it is built, with a stand-in for the client.</summary>
public sealed class ClaudeVerbTests : IDisposable
{
    private readonly ClaudeHome home = new();

    [Theory]
    [InlineData(ServerKind.Ollama)]
    [InlineData(ServerKind.LmStudio)]
    [InlineData(ServerKind.LlamaServer)]
    public async Task The_client_gets_the_model_its_own_arguments_and_no_key_of_the_user(ServerKind kind)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, Models = [ClaudeHome.Able with { Loaded = kind != ServerKind.Ollama }] });
        var run = await home.RunAsync(server.BaseUrl, [("ANTHROPIC_API_KEY", "sk-real"), ("CLAUDE_CODE_USE_BEDROCK", "1"), ("MINE", "stays")], "claude", "-p", "--model", "x", "--", "a b", "", "--help", "@file", "$HOME");
        Assert.True(run.ExitCode == 7, run.Errors);
        Assert.Equal("", run.Output);
        Assert.Equal(["-p", "--model", "x", "--", "a b", "", "--help", "@file", "$HOME"], home.Arguments);
        var environment = home.Environment!;
        Assert.Equal((server.BaseUrl, "coder:30b", "65536", "stays"), (environment["ANTHROPIC_BASE_URL"], environment["ANTHROPIC_DEFAULT_HAIKU_MODEL"], environment["CLAUDE_CODE_MAX_CONTEXT_TOKENS"], environment["MINE"]));
        Assert.DoesNotContain("ANTHROPIC_API_KEY", environment.Keys);
        Assert.DoesNotContain("CLAUDE_CODE_USE_BEDROCK", environment.Keys);
        Assert.Contains("  ok    context   65,536 tokens", run.Errors, StringComparison.Ordinal);
        Assert.Contains("the first turn reads about 12,500 tokens", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_options_come_first_and_double_dash_gives_the_rest_to_the_client()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able, ClaudeHome.Able with { Name = "other:7b" }] });
        Assert.Equal(7, (await home.RunAsync(server, "claude", "--model", "other", "--", "--model", "opus")).ExitCode);
        Assert.Equal(["--model", "opus"], home.Arguments);
        Assert.Equal("other:7b", home.Environment!["ANTHROPIC_MODEL"]);
    }

    [Fact]
    public async Task A_short_context_of_Ollama_stops_it_with_the_way_to_raise_it_and_anyway_goes_on()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able with { ServedContext = null }] });
        // What our own chats ask for is not what another client is served with.
        home.Home.WithSettings("""{ "ollama": { "context_length": 65536 } }""");
        var run = await home.RunAsync(server, "claude");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("  FAIL  context   4,096 tokens are served, and Claude Code needs 32,768 or more, better 65,536: set OLLAMA_CONTEXT_LENGTH=65536", run.Errors, StringComparison.Ordinal);
        Assert.Null(home.Environment);
        Assert.Equal(7, (await home.RunAsync(server, "claude", "--anyway", "-p")).ExitCode);
        Assert.Equal(["-p"], home.Arguments);
        Assert.Equal("1", home.Environment!["DISABLE_AUTO_COMPACT"]);
    }

    [Fact]
    public async Task A_model_without_tools_is_not_even_loaded()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able with { Tools = false }] });
        var run = await home.RunAsync(server, "claude");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FAIL  tools", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Path == "/api/chat");
    }

    [Theory]
    [InlineData(ServerKind.Ollama, "Ollama 0.13.5 does not speak Claude's Messages API; Ollama does from 0.14.0 on. Update it")]
    [InlineData(ServerKind.LmStudio, "LM Studio does not speak Claude's Messages API")]
    [InlineData(ServerKind.Vllm, "vLLM 0.11.0 does not speak Claude's Messages API")]
    [InlineData(ServerKind.Omlx, "does not speak Claude's Messages API")]
    [InlineData(ServerKind.Exo, "does not speak Claude's Messages API")]
    public async Task A_server_that_does_not_speak_it_is_told_with_its_version(ServerKind kind, string words)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, Models = [ClaudeHome.Able], SpeaksMessages = false, OllamaVersion = "0.13.5" });
        var run = await home.RunAsync(server, "claude");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Null(home.Environment);
    }

    [Fact]
    public async Task What_is_not_known_is_said_and_does_not_stop_it()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LmStudio, Models = [ClaudeHome.Able with { Tools = false, Loaded = false }] });
        var run = await home.RunAsync(server, "claude");
        Assert.Equal(7, run.ExitCode);
        Assert.Contains("  ?     context   the server does not say", run.Errors, StringComparison.Ordinal);
        Assert.Contains("load it in LM Studio with a context length of 32768", run.Errors, StringComparison.Ordinal);
        Assert.Contains("  ?     tools     nobody says", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("CLAUDE_CODE_MAX_CONTEXT_TOKENS", home.Environment!.Keys);
    }

    [Fact]
    public async Task A_cloud_model_is_refused_whatever_is_said()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able with { RemoteHost = "https://ollama.com:11434" }] });
        var run = await home.RunAsync(server, "claude", "--model", "coder", "--anyway");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Local means local", run.Errors, StringComparison.Ordinal);
        Assert.Null(home.Environment);
    }

    [Fact]
    public async Task Settings_of_the_client_that_would_win_stop_it_and_show_no_value()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able] });
        var file = Path.Combine(home.Home.Folder, ".claude", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, """{ "env": { "ANTHROPIC_BASE_URL": "https://gateway.example", "CLAUDE_CODE_ATTRIBUTION_HEADER": "0" }, "apiKeyHelper": "secret-helper" }""", TestContext.Current.CancellationToken);
        var run = await home.RunAsync(server, "claude");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{file} sets ANTHROPIC_BASE_URL in \"env\", and that wins", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{file} has an apiKeyHelper", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("gateway.example", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-helper", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_client_it_says_where_to_get_it_and_asks_nobody()
    {
        await using var server = await FakeModelServer.StartAsync();
        File.Delete(Path.Combine(home.Bin, "claude"));
        var run = await home.RunAsync(server, "claude");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("npm install -g @anthropic-ai/claude-code", run.Errors, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 130", 130)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public async Task The_exit_code_is_the_clients(string then, int code)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able] });
        Assert.Equal(code, (await home.HasClaude(then).RunAsync(server, "claude")).ExitCode);
    }

    [Fact]
    public async Task An_interrupt_is_the_clients_to_answer()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able] });
        home.HasClaude("echo ready; read line; echo \"$line\"; exit 5");
        using var process = home.Start(server, "claude");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Unix.Send(process.Id, 2);
        await process.StandardInput.WriteLineAsync("still here");
        Assert.Equal("still here", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(5, process.ExitCode);
    }

    [Fact]
    public async Task A_request_to_end_is_handed_on_and_waited_for()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able] });
        home.HasClaude("trap 'kill $!; echo ended; exit 42' TERM; sleep 60 & echo ready; wait");
        using var process = home.Start(server, "claude");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Unix.Send(process.Id, Unix.Terminate);
        Assert.Equal("ended", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(42, process.ExitCode);
    }

    [Fact]
    public async Task The_engine_is_behind_a_door_that_closes_with_the_client()
    {
        using var engine = new EngineHome().WithSettings("""{ "context_length": 4096 }""");
        engine.Says("one", "I am one.", contextLength: 40_960);
        var client = Path.Combine(engine.Home.Folder, "claude");
        await File.WriteAllTextAsync(
            client, "#!/bin/sh\necho \"$ANTHROPIC_BASE_URL $CLAUDE_CODE_MAX_CONTEXT_TOKENS\"\ncurl -sS -m 60 -H \"Authorization: Bearer $ANTHROPIC_AUTH_TOKEN\" -d '{\"model\":\"one\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}' \"$ANTHROPIC_BASE_URL/v1/messages?beta=true\"\n",
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(client, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var run = await Verb.RunAsync(engine.Home, [.. engine.Variables, ("PATH", $"{engine.Home.Folder}:{RealEngine.SearchPath()}")], "claude", "--model", "one", "--anyway");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+ \d+\n", run.Output);
        Assert.Contains("I am one.", run.Output, StringComparison.Ordinal);
        await IsClosedAsync(new Uri(run.Output.Split(' ')[0]).Port);
    }

    public void Dispose() => home.Dispose();

    // The keeper closes it when it sees that its lease has gone.
    private static async Task IsClosedAsync(int port)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            using var visitor = new TcpClient();
            try
            {
                await visitor.ConnectAsync("127.0.0.1", port, patience.Token);
            }
            catch (SocketException)
            {
                return;
            }
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
