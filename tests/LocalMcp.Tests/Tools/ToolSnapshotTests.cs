using System.Text.Json;
using System.Text.Json.Nodes;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Tools;

/// <summary>
/// What a client's model gets to see of each tool, word for word: a change is seen in review. After a change that is meant, run the tests
/// with UPDATE_SNAPSHOTS=1 and commit what they wrote.
/// </summary>
public sealed class ToolSnapshotTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("chat")]
    [InlineData("chat_to_file")]
    [InlineData("list_models")]
    [InlineData("quick_test")]
    [InlineData("set_model")]
    public async Task A_tool_is_as_it_was_when_somebody_last_looked(string name)
    {
        var tools = (await AnswerAsync("tools/list"))["result"]!["tools"]!.AsArray();
        var seen = tools.Single(t => (string?)t!["name"] == name)!.ToJsonString(Readable) + "\n";
        var file = Path.Combine(Repository.Root, "tests", "LocalMcp.Tests", "Snapshots", name + ".json");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(file, seen, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), seen);
    }

    [Fact]
    public async Task The_whole_tool_list_and_the_instructions_stay_under_4000_characters()
    {
        using var home = new TemporaryHome();
        using var session = await RawSession.StartAsync(home);
        await session.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        var tools = (await session.AnswerAsync(1)).ToJsonString();
        Assert.InRange(tools.Length + LocalMcp.Tools.Toolbox.Instructions.Length, 1, 3_999);
    }

    [Fact]
    public async Task The_words_that_a_lexical_search_needs_are_there()
    {
        var tools = (await AnswerAsync("tools/list"))["result"]!["tools"]!.AsArray();
        var chat = tools.Single(t => (string?)t!["name"] == "chat")!.ToJsonString();
        Assert.All(["local LLM", "Ollama", "LM Studio", "MLX", "llama.cpp", "offline", "elegate"], word => Assert.Contains(word, chat, StringComparison.Ordinal));
        Assert.All(tools, tool => Assert.Contains("local", (string?)tool!["description"], StringComparison.OrdinalIgnoreCase));
        Assert.All(tools, tool => Assert.NotNull((string?)tool!["annotations"]!["title"]));
    }

    private static async Task<JsonNode> AnswerAsync(string method)
    {
        using var home = new TemporaryHome();
        using var session = await RawSession.StartAsync(home);
        await session.SendAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"}""");
        return await session.AnswerAsync(1);
    }
}
