using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>The pages beside the OpenAI wire that tell one kind of server from another.</summary>
internal static class KindPages
{
    /// <summary>Null when this kind has no such page.</summary>
    public static Task? Find(Exchange x) => TokenPages.Find(x) ?? MessagesPages.Find(x) ?? x.Kind switch
    {
        ServerKind.LlamaServer => LlamaServer(x),
        ServerKind.LmStudio => LmStudioPages.Find(x),
        ServerKind.Vllm => Vllm(x),
        ServerKind.Omlx => Omlx(x),
        ServerKind.Exo => Exo(x),
        ServerKind.Ollama => OllamaPages.Find(x),
        _ => null,
    };

    public static Task NotFoundAsync(Exchange x) => x.Kind switch
    {
        ServerKind.Ollama => OllamaPages.NotFoundAsync(x),
        ServerKind.LmStudio => Reply.OkAsync(x, new JsonObject { ["error"] = $"Unexpected endpoint or method. ({x.Method} {x.Path})" }),
        ServerKind.LlamaServer => Reply.ErrorAsync(x, 404, "File Not Found"),
        ServerKind.Vllm or ServerKind.Omlx or ServerKind.Exo => Reply.JsonAsync(x, 404, new JsonObject { ["detail"] = "Not Found" }),
        _ => Reply.ErrorAsync(x, 404, $"Unknown request URL: {x.Method} {x.Path}.", code: "unknown_url"),
    };

    private static Task? LlamaServer(Exchange x) => (x.Method, x.Path) switch
    {
        ("GET", "/") => Reply.TextAsync(x, 200, "<!doctype html><html><head><title>llama.cpp</title></head><body></body></html>", "text/html; charset=utf-8"),
        ("GET", "/health" or "/v1/health") => Reply.OkAsync(x, new JsonObject { ["status"] = "ok" }),
        ("GET", "/props") => Reply.OkAsync(x, Props(x.Options.Models[0], x.Kind)),
        _ => null,
    };

    private static JsonObject Props(FakeModel model, ServerKind kind) => new()
    {
        ["default_generation_settings"] = new JsonObject { ["n_ctx"] = model.Served(kind), ["params"] = new JsonObject { ["max_tokens"] = -1 } },
        ["total_slots"] = 4,
        ["model_alias"] = model.Name,
        ["model_path"] = $"models/{model.Name}.gguf",
        ["modalities"] = new JsonObject { ["vision"] = model.Vision, ["audio"] = false },
        ["chat_template"] = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n",
        ["chat_template_caps"] = new JsonObject { ["supports_tools"] = model.Tools, ["supports_tool_calls"] = model.Tools, ["supports_system_role"] = true },
        ["bos_token"] = "<|endoftext|>",
        ["eos_token"] = "<|im_end|>",
        ["build_info"] = "b10488-fake",
        ["is_sleeping"] = false,
    };

    private static Task? Vllm(Exchange x) => (x.Method, x.Path) switch
    {
        ("GET", "/health") => Reply.TextAsync(x, 200, ""),
        ("GET", "/version") => Reply.OkAsync(x, new JsonObject { ["version"] = "0.11.0" }),
        _ => null,
    };

    private static Task? Omlx(Exchange x) => (x.Method, x.Path) switch
    {
        ("GET", "/health") => Reply.OkAsync(x, new JsonObject { ["status"] = "healthy", ["default_model"] = x.Options.Models[0].Name }),
        ("GET", "/v1/models/status") => Reply.OkAsync(x, OmlxPool(x)),
        _ => null,
    };

    private static JsonObject OmlxPool(Exchange x) =>
        new() { ["models"] = new JsonArray([.. OpenAiListing.Models(x).Select(model => OmlxStatus(x, model))]) };

    private static JsonObject OmlxStatus(Exchange x, FakeModel model) => new()
    {
        ["id"] = model.Name,
        ["loaded"] = x.State.Loaded(model) is not null,
        ["is_loading"] = false,
        ["estimated_size"] = model.SizeBytes,
        ["pinned"] = false,
        ["model_type"] = model.CanChat ? "llm" : "embedding",
        ["max_context_window"] = model.ContextLength,
    };

    private static Task? Exo(Exchange x) => (x.Method, x.Path) switch
    {
        ("GET", "/models") => OpenAiListing.AllAsync(x),
        ("GET", "/state") => Reply.OkAsync(x, ExoState(x)),
        _ => null,
    };

    private static JsonObject ExoState(Exchange x)
    {
        var instances = new JsonObject();
        foreach (var model in x.Options.Models.Where(model => x.State.Loaded(model) is not null))
        {
            var shards = new JsonObject { ["modelId"] = model.Name };
            instances[model.Digest[..8]] = new JsonObject { ["MlxRingInstance"] = new JsonObject { ["shardAssignments"] = shards } };
        }

        return new() { ["instances"] = instances };
    }
}
