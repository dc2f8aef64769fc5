using System.Diagnostics;
using System.Text.Json.Nodes;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Keeper;
using LocalMcp.Tests.Launch;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Cli;

/// <summary><c>local-mcp env</c> as it is built: standard output holds what is to be pasted, and nothing else.</summary>
public sealed class EnvVerbTests : IDisposable
{
    private readonly ClaudeHome home = new();

    [Fact]
    public async Task What_is_printed_for_Claude_Code_is_a_script_that_sets_and_takes_away()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able] });
        var run = await home.RunAsync(server, "env");
        Assert.True(run.ExitCode == 0, run.Errors);
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"ANTHROPIC_API_KEY=real\nexport ANTHROPIC_API_KEY\n{run.Output}env"]) { RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var variables = (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        Assert.Contains($"ANTHROPIC_BASE_URL={server.BaseUrl}", variables);
        Assert.Contains("CLAUDE_CODE_ATTRIBUTION_HEADER=0", variables);
        Assert.DoesNotContain("ANTHROPIC_API_KEY=real", variables);
        Assert.Contains("eval \"$(local-mcp env claude)\"", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_clients_are_told_a_short_context_and_Claude_Code_is_refused_it()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, Models = [ClaudeHome.Able with { ServedContext = null }] });
        var refused = await home.RunAsync(server, "env", "claude");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        var opencode = await home.RunAsync(server, "env", "opencode");
        Assert.Equal(0, opencode.ExitCode);
        Assert.Equal(4096, (int)JsonNode.Parse(opencode.Output)!["provider"]!["local-mcp"]!["models"]!["coder:30b"]!["limit"]!["context"]!);
        Assert.Contains("FAIL  context", opencode.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zed_and_Aider_are_told_a_server_that_speaks_no_Messages_API_too()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Vllm, Models = [ClaudeHome.Able], ApiKey = "its-key" });
        var zed = await home.RunAsync(server.BaseUrl, [("LOCAL_MCP_API_KEY", "its-key")], "env", "zed");
        Assert.True(zed.ExitCode == 0, zed.Errors);
        Assert.Equal($"{server.BaseUrl}/v1", (string?)JsonNode.Parse(zed.Output)!["language_models"]!["openai_compatible"]!["Local model"]!["api_url"]);
        Assert.DoesNotContain("its-key", zed.Output, StringComparison.Ordinal);
        var aider = await home.RunAsync(server.BaseUrl, [("LOCAL_MCP_API_KEY", "its-key")], "env", "aider", "--shell", "fish");
        Assert.Contains("set -gx OPENAI_API_KEY 'its-key'", aider.Output, StringComparison.Ordinal);
        Assert.EndsWith("aider --model 'openai/coder:30b' --no-show-model-warnings\n", aider.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emacs")]
    [InlineData("3")]
    [InlineData("claude", "--shell", "powershell")]
    public async Task A_client_or_shell_that_is_not_known_is_wrong_usage(params string[] arguments)
    {
        var run = await home.RunAsync(ClosedPort.Url(), [], ["env", .. arguments]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("it expects", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_stays_where_it_was_said_to_be()
    {
        var port = new Uri(ClosedPort.Url()).Port;
        using var engine = new EngineHome().WithSettings($$"""{ "context_length": 4096, "engine": { "port": {{port}} } }""");
        engine.Says("one", "I am one.", contextLength: 40_960);
        var run = await Verb.RunAsync(engine.Home, engine.Variables, "env", "opencode", "--model", "one");
        Assert.True(run.ExitCode == 0, run.Errors);
        var provider = JsonNode.Parse(run.Output)!["provider"]!["local-mcp"]!;
        Assert.Equal($"http://127.0.0.1:{port}/v1", (string?)provider["options"]!["baseURL"]);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string?)provider["options"]!["apiKey"]);
        using var body = new StringContent("""{"messages":[{"role":"user","content":"hi"}]}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/v1/chat/completions"), body, TestContext.Current.CancellationToken);
        Assert.Contains("I am one.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();
}
