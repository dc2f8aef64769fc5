using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalMcp.Launch;

/// <summary>What editors and other clients are given, in their own formats. Pure. The formats are those of their documentation in November 2026 (docs/claude-on-local.md).</summary>
internal static class Snippets
{
    private const string Provider = "local-mcp";

    // Zed derives the variable of a provider's key from its name: this one is not ours.
    private const string ZedProvider = "Local model";

    /// <summary>The variable in which Zed looks for the key of our provider.</summary>
    public const string ZedKey = "LOCAL_MODEL_API_KEY";

    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For <c>opencode.json</c>. Source: opencode.ai/docs/providers.</summary>
    public static string OpenCode(LocalServer server) => Json(json =>
    {
        json.WriteString("$schema", "https://opencode.ai/config.json");
        json.WriteStartObject("provider");
        json.WriteStartObject(Provider);
        json.WriteString("npm", "@ai-sdk/openai-compatible");
        json.WriteString("name", $"Local model ({server.Name})");
        json.WriteStartObject("options");
        json.WriteString("baseURL", server.OpenAi);
        json.WriteString("apiKey", server.Sent);
        json.WriteEndObject();
        json.WriteStartObject("models");
        json.WriteStartObject(server.Model);
        json.WriteString("name", server.Model);
        if (server.Context is { } context)
        {
            json.WriteStartObject("limit");
            json.WriteNumber("context", context);
            json.WriteNumber("output", server.Output);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("model", $"{Provider}/{server.Model}");
    });

    /// <summary>For a shell: two variables and the command. Sources: aider.chat/docs/llms/openai-compat.html and ollama.html.</summary>
    public static IEnumerable<string> Aider(LocalServer server, ShellKind shell)
    {
        IReadOnlyList<Variable> variables = server.IsOllama
            ? [new("OLLAMA_API_BASE", server.Root, "where the local model is"), .. server.Key.Length > 0 ? [new Variable("OLLAMA_API_KEY", server.Key, "its key")] : Array.Empty<Variable>()]
            : [new("OPENAI_API_BASE", server.OpenAi, "where the local model is"), new("OPENAI_API_KEY", server.Sent, "the key of that server alone")];
        return ShellLines.Of(variables, shell).Append($"aider --model {ShellLines.Quoted($"{(server.IsOllama ? "ollama_chat" : "openai")}/{server.Model}", shell)} --no-show-model-warnings");
    }

    /// <summary>For Zed's <c>settings.json</c>. Source: zed.dev/docs/ai/use-a-local-model.</summary>
    /// <param name="context">Zed has to be told it.</param>
    public static string Zed(LocalServer server, int context, bool? tools) => Json(json =>
    {
        json.WriteStartObject("language_models");
        json.WriteStartObject(server.IsOllama ? "ollama" : "openai_compatible");
        if (!server.IsOllama)
            json.WriteStartObject(ZedProvider);
        json.WriteString("api_url", server.IsOllama ? server.Root : server.OpenAi);
        json.WriteStartArray("available_models");
        json.WriteStartObject();
        json.WriteString("name", server.Model);
        json.WriteString("display_name", server.Model);
        json.WriteNumber("max_tokens", context);
        if (server.IsOllama)
            json.WriteBoolean("supports_tools", tools is true);
        else
            ZedAbilities(json, server, tools);
        json.WriteEndObject();
        json.WriteEndArray();
        if (!server.IsOllama)
            json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void ZedAbilities(Utf8JsonWriter json, LocalServer server, bool? tools)
    {
        json.WriteNumber("max_output_tokens", server.Output);
        json.WriteStartObject("capabilities");
        // Where nobody says, what Zed itself takes for granted.
        json.WriteBoolean("tools", tools is not false);
        json.WriteBoolean("images", false);
        json.WriteBoolean("parallel_tool_calls", false);
        json.WriteBoolean("prompt_cache_key", false);
        json.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Written))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
