using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>LM Studio's own listing: GET /api/v0/models and /api/v0/models/{id}.</summary>
internal static class LmStudioPages
{
    private const string All = "/api/v0/models";

    public static Task? Find(Exchange x)
    {
        if (x.Method != "GET")
            return null;
        if (x.Path == All)
            return Reply.OkAsync(x, Listing(x));
        if (!x.Path.StartsWith(All + "/", StringComparison.Ordinal))
            return null;

        var id = Uri.UnescapeDataString(x.Path[(All.Length + 1)..]);
        return OpenAiListing.Models(x).FirstOrDefault(model => model.Name == id) is { } one
            ? Reply.OkAsync(x, Entry(x, one))
            : Reply.JsonAsync(x, 404, new JsonObject { ["error"] = $"Model '{id}' not found" });
    }

    private static JsonObject Listing(Exchange x) =>
        new() { ["object"] = "list", ["data"] = new JsonArray([.. OpenAiListing.Models(x).Select(model => Entry(x, model))]) };

    private static JsonObject Entry(Exchange x, FakeModel model)
    {
        var loaded = x.State.Loaded(model);
        var entry = new JsonObject
        {
            ["id"] = model.Name,
            ["object"] = "model",
            ["type"] = model.CanChat ? model.Vision ? "vlm" : "llm" : "embeddings",
            ["publisher"] = "fake-community",
            ["arch"] = model.Architecture,
            ["compatibility_type"] = model.Quantization.EndsWith("bit", StringComparison.Ordinal) ? "mlx" : "gguf",
            ["quantization"] = model.Quantization,
            ["state"] = loaded is null ? "not-loaded" : "loaded",
            ["max_context_length"] = model.ContextLength,
        };
        if (model.Tools)
            entry["capabilities"] = new JsonArray("tool_use");
        if (loaded is not null)
            entry["loaded_context_length"] = loaded.Context;
        return entry;
    }
}
