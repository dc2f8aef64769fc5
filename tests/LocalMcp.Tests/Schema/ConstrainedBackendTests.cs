using System.Text.Json.Nodes;
using LocalMcp.Backends;
using LocalMcp.FakeServer;
using LocalMcp.Schema;
using LocalMcp.Tests.Support;
using FinishReason = LocalMcp.Chat.FinishReason;
using ServerKind = LocalMcp.FakeServer.ServerKind;

namespace LocalMcp.Tests.Schema;

/// <summary>How each kind of server is asked to constrain its answer, and what becomes of one that will not.</summary>
public sealed class ConstrainedBackendTests
{
    // Its pattern is for us alone.
    private const string Schema = """{"type":"object","required":["a"],"properties":{"a":{"type":"string","pattern":"^x"}}}""";
    private const string Constraint = """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""";

    [Theory]
    [InlineData(ServerKind.OpenAi)]
    [InlineData(ServerKind.LlamaServer)]
    [InlineData(ServerKind.LmStudio)]
    [InlineData(ServerKind.Vllm)]
    [InlineData(ServerKind.Omlx)]
    public async Task An_openai_server_gets_the_constraint_as_response_format(ServerKind kind)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind });
        await using var house = House.With(server.BaseUrl);
        await ConstrainedChat.AskAsync(house, AnswerSchema.Parse(Schema));
        var wanted = JsonNode.Parse($$"""{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{{Constraint}} } }""");
        Assert.True(JsonNode.DeepEquals(wanted, Assert.Single(Chats(server))["response_format"]), server.Requests[^1].Body);
    }

    [Fact]
    public async Task Ollama_gets_the_constraint_as_format()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama });
        await using var house = House.With(server.BaseUrl);
        await ConstrainedChat.AskAsync(house, AnswerSchema.Parse(Schema));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Constraint), Assert.Single(Chats(server))["format"]), server.Requests[^1].Body);
    }

    [Theory]
    [InlineData(ServerKind.OpenAi)]
    [InlineData(ServerKind.Ollama)]
    public async Task Without_a_schema_or_a_constraint_nothing_is_said_of_it(ServerKind kind)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind });
        await using var house = House.With(server.BaseUrl);
        await ConstrainedChat.AskAsync(house, null);
        await ConstrainedChat.AskAsync(house, AnswerSchema.Parse("""{"type":"array","minItems":2,"maxItems":1}"""));
        var chats = Chats(server);
        Assert.Equal(2, chats.Count);
        Assert.All(chats, chat => Assert.True(chat["response_format"] is null && chat["format"] is null));
        Assert.Contains("minItems", chats[1]["messages"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerKind.LlamaServer, "Unable to generate parser for this template. Automatic parser generation failed: JSON schema conversion failed:\nunrecognized type")]
    [InlineData(ServerKind.LlamaServer, "Failed to initialize samplers: failed to parse grammar")]
    [InlineData(ServerKind.Vllm, "The provided JSON schema contains features not supported by xgrammar.")]
    [InlineData(ServerKind.LmStudio, "'response_format.type' must be 'json_schema' or 'text'")]
    [InlineData(ServerKind.OpenAi, "Unrecognized request argument supplied: response_format")]
    [InlineData(ServerKind.Ollama, "invalid format: \"{}\"; expected \"json\" or a valid JSON Schema object")]
    [InlineData(ServerKind.Ollama, "{\"error\":{\"code\":400,\"message\":\"Failed to initialize samplers: failed to parse grammar\",\"type\":\"invalid_request_error\"}}")]
    public async Task A_server_that_refuses_the_constraint_is_asked_once_more_without_it(ServerKind kind, string words)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, RefusesSchema = words });
        await using var house = House.With(server.BaseUrl);
        var reply = await ConstrainedChat.AskAsync(house, AnswerSchema.Parse(Schema));
        Assert.Equal(("Hello from the scripted model.", FinishReason.Stop), (reply.Text, reply.Finish));
        Assert.Equal([true, false], Chats(server).Select(chat => chat["response_format"] is not null || chat["format"] is not null));
    }

    [Theory]
    [InlineData(ServerKind.OpenAi, 400, "temperature must be positive")]
    [InlineData(ServerKind.OpenAi, 401, "the schema of authentication is unknown")]
    [InlineData(ServerKind.Ollama, 500, "llama-server process has terminated: insufficient memory")]
    public async Task Another_refusal_is_not_asked_again(ServerKind kind, int status, string words)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = kind, Status = status, StatusText = words });
        await using var house = House.With(server.BaseUrl);
        await Assert.ThrowsAsync<BackendException>(() => ConstrainedChat.AskAsync(house, AnswerSchema.Parse(Schema)));
        Assert.Single(Chats(server));
    }

    [Fact]
    public async Task A_server_that_refuses_it_with_and_without_the_constraint_is_quoted()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Status = 400, StatusText = "bad format" });
        await using var house = House.With(server.BaseUrl);
        var failure = await Assert.ThrowsAsync<BackendException>(() => ConstrainedChat.AskAsync(house, AnswerSchema.Parse(Schema)));
        Assert.Contains("\"bad format\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, Chats(server).Count);
    }

    [Theory]
    [InlineData("""{"a":"x"}""", "", """{"a":"x"}""", "")]
    [InlineData(" \n[1, 2]", "", " \n[1, 2]", "")]
    [InlineData("""{"a":"x"}""", """{"a":"y"}""", """{"a":"y"}""", """{"a":"x"}""")]
    [InlineData("{what} is asked here?", """{"a":"y"}""", """{"a":"y"}""", "{what} is asked here?")]
    [InlineData("{what} is asked here?", "", "", "{what} is asked here?")]
    [InlineData("The user wants {}.", """{"a":"y"}""", """{"a":"y"}""", "The user wants {}.")]
    public async Task A_constrained_answer_that_was_sent_as_reasoning_is_the_answer(string reasoning, string answer, string text, string thoughts)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LmStudio, Reasoning = reasoning, Answer = answer });
        await using var house = House.With(server.BaseUrl);
        var reply = await ConstrainedChat.AskAsync(house, AnswerSchema.Parse(Schema), think: true);
        Assert.Equal((text, thoughts), (reply.Text, reply.Reasoning));
    }

    [Fact]
    public async Task Reasoning_that_looks_like_json_is_reasoning_where_nothing_was_constrained()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LmStudio, Reasoning = "{}", Answer = "" });
        await using var house = House.With(server.BaseUrl);
        var reply = await ConstrainedChat.AskAsync(house, null, think: true);
        Assert.Equal(("", "{}"), (reply.Text, reply.Reasoning));
    }

    private static List<JsonNode> Chats(FakeModelServer server) =>
        [.. server.Requests.Where(request => request.Path is "/v1/chat/completions" or "/api/chat").Select(request => request.Json()!)];
}
