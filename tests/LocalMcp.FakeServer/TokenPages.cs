using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>The pages that count a prompt before it is sent: llama-server's /apply-template and /tokenize, and vLLM's /tokenize of messages. A word is a token, as in the counts of a chat.</summary>
internal static class TokenPages
{
    /// <summary>Null where this server has no such page.</summary>
    public static Task? Find(Exchange x) => x.Options.CountsTokens ? (x.Kind, x.Method, x.Path) switch
    {
        (ServerKind.LlamaServer, "POST", "/apply-template") => Reply.OkAsync(x, new JsonObject { ["prompt"] = Text(x) }),
        (ServerKind.LlamaServer, "POST", "/tokenize") => Reply.OkAsync(x, new JsonObject { ["tokens"] = Tokens(x.Body?["content"]?.ToString() ?? "") }),
        (ServerKind.Vllm, "POST", "/tokenize") => Reply.OkAsync(x, Vllm(x, Tokens(x.Body?["prompt"]?.ToString() ?? Text(x)))),
        _ => null,
    }
    : null;

    private static JsonObject Vllm(Exchange x, JsonArray tokens) =>
        new() { ["count"] = tokens.Count, ["max_model_len"] = x.Options.Models[0].Served(x.Kind), ["tokens"] = tokens };

    private static string Text(Exchange x) => string.Join('\n', (x.Body?["messages"] as JsonArray ?? []).Select(ChatScript.TextOf));

    private static JsonArray Tokens(string text) => new([.. Enumerable.Range(100, ChatScript.CountWords(text)).Select(token => (JsonNode)token)]);
}
