using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>Claude's Messages API, as far as a look whether it is there goes: it answers whole, and refuses what is no request in the words of the kind.</summary>
internal static class MessagesPages
{
    public static Task? Find(Exchange x) => (x.Method, x.Path) is ("POST", "/v1/messages") && x.Options.SpeaksMessages && x.Kind is ServerKind.LlamaServer or ServerKind.LmStudio or ServerKind.Ollama
        ? AnswerAsync(x)
        : null;

    private static Task AnswerAsync(Exchange x) => (x.Body?["messages"] is JsonArray, x.Kind) switch
    {
        (true, _) => Reply.OkAsync(x, Message(x)),
        (_, ServerKind.LlamaServer) => Reply.ErrorAsync(x, 500, "'messages' is required"),
        (_, ServerKind.Ollama) => Reply.JsonAsync(x, 400, Error("model is required")),
        _ => Reply.JsonAsync(x, 400, Error("messages is required")),
    };

    private static JsonObject Error(string message) =>
        new() { ["type"] = "error", ["error"] = new JsonObject { ["type"] = "invalid_request_error", ["message"] = message } };

    private static JsonObject Message(Exchange x) => new()
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = x.Body!["model"]?.ToString(),
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = x.Options.Answer }),
        ["stop_reason"] = "end_turn",
        ["usage"] = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1 },
    };
}
