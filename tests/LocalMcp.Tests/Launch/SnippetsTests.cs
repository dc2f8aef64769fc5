using System.Diagnostics;
using System.Text.Json.Nodes;
using LocalMcp.Launch;

namespace LocalMcp.Tests.Launch;

/// <summary>What other clients are given.</summary>
public sealed class SnippetsTests
{
    private static readonly LocalServer Engine = new("engine", new Uri("http://127.0.0.1:11535"), "its-key", "Coder-Q4_K_M", 32_768, IsOllama: false);
    private static readonly LocalServer Ollama = new("ollama", new Uri("http://127.0.0.1:11434/"), "", "coder:14b", 32_768, IsOllama: true);

    [Fact]
    public void OpenCode_gets_a_provider_with_url_key_and_limits()
    {
        var json = JsonNode.Parse(Snippets.OpenCode(Engine))!;
        var provider = json["provider"]!["local-mcp"]!;
        Assert.Equal(("@ai-sdk/openai-compatible", "http://127.0.0.1:11535/v1", "its-key"), ((string?)provider["npm"], (string?)provider["options"]!["baseURL"], (string?)provider["options"]!["apiKey"]));
        Assert.Equal("""{"context":32768,"output":4096}""", provider["models"]!["Coder-Q4_K_M"]!["limit"]!.ToJsonString());
        Assert.Equal("local-mcp/Coder-Q4_K_M", (string?)json["model"]);
        Assert.Null(JsonNode.Parse(Snippets.OpenCode(Engine with { Context = null }))!["provider"]!["local-mcp"]!["models"]!["Coder-Q4_K_M"]!["limit"]);
    }

    [Fact]
    public void Aider_gets_the_way_that_its_pages_recommend()
    {
        Assert.Equal(
            ["export OPENAI_API_BASE='http://127.0.0.1:11535/v1'", "export OPENAI_API_KEY='its-key'", "aider --model 'openai/Coder-Q4_K_M' --no-show-model-warnings"],
            Snippets.Aider(Engine, ShellKind.Posix));
        Assert.Equal(["set -gx OLLAMA_API_BASE 'http://127.0.0.1:11434'", "aider --model 'ollama_chat/coder:14b' --no-show-model-warnings"], Snippets.Aider(Ollama, ShellKind.Fish));
    }

    [Fact]
    public void Zed_gets_no_key_and_asks_Ollama_in_its_own_way()
    {
        var provider = JsonNode.Parse(Snippets.Zed(Engine, 32_768, tools: null))!["language_models"]!["openai_compatible"]!["Local model"]!;
        Assert.Equal("http://127.0.0.1:11535/v1", (string?)provider["api_url"]);
        Assert.Equal("""{"name":"Coder-Q4_K_M","display_name":"Coder-Q4_K_M","max_tokens":32768,"max_output_tokens":4096,"capabilities":{"tools":true,"images":false,"parallel_tool_calls":false,"prompt_cache_key":false}}""", provider["available_models"]![0]!.ToJsonString());
        var ollama = JsonNode.Parse(Snippets.Zed(Ollama, 32_768, tools: true))!["language_models"]!["ollama"]!;
        Assert.Equal("""{"api_url":"http://127.0.0.1:11434","available_models":[{"name":"coder:14b","display_name":"coder:14b","max_tokens":32768,"supports_tools":true}]}""", ollama.ToJsonString());
        Assert.DoesNotContain("its-key", Snippets.Zed(Engine, 32_768, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it's $HOME `id` \"x\" \\ $(id)")]
    [InlineData("-n # not a comment")]
    [InlineData("ünïcode 模型")]
    public async Task A_shell_takes_every_value_as_it_is(string value)
    {
        var line = Assert.Single(ShellLines.Of([new Variable("X", value, "a test")], ShellKind.Posix));
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{line}\nprintf %s \"$X\""]) { RedirectStandardOutput = true })!;
        Assert.Equal(value, await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_is_taken_away_is_unset() =>
        Assert.Equal(["unset X", "set -e X"], new[] { ShellKind.Posix, ShellKind.Fish }.SelectMany(shell => ShellLines.Of([new Variable("X", null, "a test")], shell)));
}
