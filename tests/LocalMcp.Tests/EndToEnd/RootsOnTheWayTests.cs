using System.Text.Json.Nodes;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>A client of 2026-07-28 that is asked for its roots calls again with them, under another id and another progress token, as Claude Code 2.1.329 does.</summary>
public sealed class RootsOnTheWayTests : IDisposable
{
    private const int First = 1;
    private const int Second = 2;

    private readonly TemporaryHome home = new();

    public RootsOnTheWayTests() => File.WriteAllText(Path.Combine(home.Folder, "note.txt"), "from the root");

    [Theory]
    [InlineData("chat", """{"prompt":"Explain.","files":["note.txt"]}""")]
    [InlineData("chat_to_file", """{"prompt":"Explain.","path":"answer.txt"}""")]
    public async Task Progress_goes_to_the_token_of_the_call_that_brings_the_roots(string tool, string arguments)
    {
        await using var server = await FakeModelServer.StartAsync();
        using var session = RawSession.Start(home, ("LOCAL_MCP_URL", server.BaseUrl + "/v1"));
        await CallAsync(session, First, tool, arguments);
        var question = (await session.AnswerAsync(First))["result"]!;
        Assert.Equal("input_required", (string?)question["resultType"]);
        await CallAsync(session, Second, tool, arguments, Roots(question, home.Folder));
        Assert.Null((await session.AnswerAsync(Second))["result"]!["isError"]);
        var told = session.Lines.Where(line => line.Contains("notifications/progress", StringComparison.Ordinal)).Select(line => (int)JsonNode.Parse(line)!["params"]!["progressToken"]!).ToList();
        Assert.NotEmpty(told);
        Assert.All(told, token => Assert.Equal(Second, token));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"roots":null}""")]
    [InlineData("""{"roots":[]}""")]
    [InlineData("[]")]
    public async Task An_answer_without_roots_leaves_it_to_the_environment(string answer)
    {
        await using var server = await FakeModelServer.StartAsync();
        using var session = RawSession.Start(home, ("LOCAL_MCP_URL", server.BaseUrl + "/v1"), ("CLAUDE_PROJECT_DIR", home.Folder));
        const string Arguments = """{"prompt":"Explain.","files":["note.txt"]}""";
        await CallAsync(session, First, "chat", Arguments);
        var question = (await session.AnswerAsync(First))["result"]!;
        await CallAsync(session, Second, "chat", Arguments, Answer(question, JsonNode.Parse(answer)!));
        var result = (await session.AnswerAsync(Second))["result"]!;
        Assert.Contains("1 file", (string?)result["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_client_that_refuses_to_name_its_roots_leaves_it_to_the_environment()
    {
        await using var server = await FakeModelServer.StartAsync();
        using var session = RawSession.Start(home, ("LOCAL_MCP_URL", server.BaseUrl + "/v1"), ("CLAUDE_PROJECT_DIR", home.Folder));
        await session.SendAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{}},"clientInfo":{"name":"raw","version":"1"}}}""");
        await session.AnswerAsync(0);
        await session.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await session.CallAsync(First, "chat", """{"prompt":"Explain.","files":["note.txt"]}""");
        var question = JsonNode.Parse((await session.Process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!)!;
        Assert.Equal("roots/list", (string?)question["method"]);
        await session.SendAsync($$$"""{"jsonrpc":"2.0","id":{{{question["id"]!.ToJsonString()}}},"error":{"code":-32601,"message":"no roots here"}}""");
        var result = (await session.AnswerAsync(First))["result"]!;
        Assert.Contains("1 file", (string?)result["content"]![0]!["text"], StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private static JsonObject Roots(JsonNode question, string folder) =>
        Answer(question, new JsonObject { ["roots"] = new JsonArray(new JsonObject { ["uri"] = new Uri(folder).AbsoluteUri }) });

    // The client gives its answer the name that the server gave the question, and brings the server's state back if there is one.
    private static JsonObject Answer(JsonNode question, JsonNode answer)
    {
        var asked = Assert.Single(question["inputRequests"]!.AsObject());
        Assert.Equal("roots/list", (string?)asked.Value!["method"]);
        var more = new JsonObject { ["inputResponses"] = new JsonObject { [asked.Key] = answer } };
        if (question["requestState"] is { } state)
            more["requestState"] = state.DeepClone();
        return more;
    }

    private static Task CallAsync(RawSession session, int id, string tool, string arguments, JsonObject? more = null)
    {
        var parameters = more ?? [];
        parameters["name"] = tool;
        parameters["arguments"] = JsonNode.Parse(arguments);
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["roots"] = new JsonObject() },
            ["progressToken"] = id,
        };
        return session.SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = "tools/call", ["params"] = parameters }.ToJsonString());
    }
}
