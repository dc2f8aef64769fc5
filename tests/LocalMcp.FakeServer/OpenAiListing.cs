using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>GET /v1/models and /v1/models/{id}, in the shape of each kind.</summary>
internal static class OpenAiListing
{
    public const string OnePrefix = "/v1/models/";

    public static Task AllAsync(Exchange x)
    {
        var listing = new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. Models(x).Select(model => Entry(x, model))]) };
        return Reply.OkAsync(x, listing);
    }

    public static Task OneAsync(Exchange x)
    {
        var id = Uri.UnescapeDataString(x.Path[OnePrefix.Length..]);
        if (x.Kind == ServerKind.Ollama)
        {
            return OllamaNames.Find(Models(x), id) is { } found
                ? Reply.OkAsync(x, Basic(x, id, "library", found))
                : Reply.ErrorAsync(x, 404, $"model '{OllamaNames.WithTag(id)}' not found");
        }

        return Models(x).FirstOrDefault(model => model.Name == id) is { } one
            ? Reply.OkAsync(x, Entry(x, one))
            : Reply.ErrorAsync(x, 404, $"The model `{id}` does not exist.", code: "model_not_found");
    }

    public static IReadOnlyList<FakeModel> Models(Exchange x) => x.Options.EmptyModelList ? [] : x.Options.Models;

    private static JsonObject Entry(Exchange x, FakeModel model) => x.Kind switch
    {
        ServerKind.LlamaServer => LlamaServer(x, model),
        ServerKind.LmStudio => Basic(x, model.Name, "organization_owner", model),
        ServerKind.Vllm => Vllm(x, model),
        ServerKind.Omlx => With(Basic(x, model.Name, "omlx", model), ("max_model_len", model.ContextLength)),
        ServerKind.Exo => Exo(x, model),
        ServerKind.Ollama => Basic(x, OllamaNames.WithTag(model.Name), "library", model),
        _ => Basic(x, model.Name, "fake", model),
    };

    private static JsonObject Basic(Exchange x, string id, string owner, FakeModel model)
    {
        var entry = new JsonObject { ["id"] = id, ["object"] = "model" };

        // LM Studio gives no time; the others something near now.
        if (x.Kind != ServerKind.LmStudio)
            entry["created"] = x.Now.ToUnixTimeSeconds();
        entry["owned_by"] = owner;
        if (x.Kind == ServerKind.Vllm)
            entry["root"] = model.Name;
        return entry;
    }

    private static JsonObject LlamaServer(Exchange x, FakeModel model)
    {
        // The facts of a model are there only once it is loaded.
        var meta = x.State.IsUnavailable(x.Options) ? null : new JsonObject
        {
            ["vocab_type"] = 2,
            ["n_vocab"] = 151_936,
            ["n_ctx_train"] = model.ContextLength,
            ["n_embd"] = 5120,
            ["n_params"] = model.ParameterCount,
            ["size"] = model.SizeBytes,
        };
        return With(Basic(x, model.Name, "llamacpp", model), ("meta", meta));
    }

    private static JsonObject Vllm(Exchange x, FakeModel model) => With(
        Basic(x, model.Name, "vllm", model),
        ("parent", null),
        ("max_model_len", model.Served(x.Kind)),
        ("permission", new JsonArray(new JsonObject { ["id"] = "modelperm-0", ["object"] = "model_permission", ["organization"] = "*" })));

    private static JsonObject Exo(Exchange x, FakeModel model) => With(
        Basic(x, model.Name, "exo", model),
        ("hugging_face_id", model.Name),
        ("name", model.Name.Split('/')[^1]),
        ("description", ""),
        ("context_length", model.ContextLength),
        ("tags", new JsonArray()),
        ("storage_size_megabytes", model.SizeBytes >> 20),
        ("supports_tensor", true),
        ("tasks", new JsonArray("TextGeneration")),
        ("quantization", model.Quantization),
        ("capabilities", new JsonArray("text")));

    private static JsonObject With(JsonObject entry, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        foreach (var (name, value) in more)
            entry[name] = value;
        return entry;
    }
}
