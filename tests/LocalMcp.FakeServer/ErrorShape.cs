using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>An error as each kind of server words and wraps it.</summary>
internal static class ErrorShape
{
    public static JsonObject For(Exchange x, int status, string message, string? type = null, string? code = null) => x.Kind switch
    {
        ServerKind.Ollama when x.Path.StartsWith("/api/", StringComparison.Ordinal) => new() { ["error"] = message },
        ServerKind.Ollama => Wrap(message, type ?? OllamaType(status), null),
        ServerKind.LlamaServer => new() { ["error"] = new JsonObject { ["code"] = status, ["message"] = message, ["type"] = type ?? LlamaType(status) } },
        ServerKind.Vllm => Wrap(message, type ?? VllmType(status), status),
        ServerKind.Omlx or ServerKind.Exo => Wrap(message, type ?? ReasonPhrase(status), status),
        _ => Wrap(message, type ?? (status >= 500 ? "server_error" : "invalid_request_error"), code),
    };

    /// <summary>What the server says, in a stream that began well, when its engine dies.</summary>
    public static string EngineDied(ServerKind kind) => kind switch
    {
        ServerKind.Ollama => "an error was encountered while running the model: unexpected EOF",
        ServerKind.LlamaServer => "Compute error.",
        ServerKind.LmStudio => "The model has crashed without additional information. (Exit code: 6)",
        ServerKind.Vllm => "EngineCore encountered an issue. See stack trace (above) for the root cause.",
        _ => "The model process has terminated.",
    };

    public static string TooLong(ServerKind kind, int prompt, int context) => kind switch
    {
        ServerKind.LmStudio => $"Trying to keep the first {prompt} tokens when context the overflows. However, the model is loaded with context length "
            + $"of only {context} tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input",
        ServerKind.LlamaServer or ServerKind.Ollama => $"request ({prompt} tokens) exceeds the available context size ({context} tokens), try increasing it",
        _ => $"This model's maximum context length is {context} tokens. However, your request has {prompt} input tokens. "
            + "Please reduce the length of the input messages.",
    };

    /// <summary>llama-server's typed refusal; Ollama hands it on as a string inside its own error.</summary>
    public static JsonObject TooLongTyped(int prompt, int context) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = 400,
            ["message"] = TooLong(ServerKind.LlamaServer, prompt, context),
            ["type"] = "exceed_context_size_error",
            ["n_prompt_tokens"] = prompt,
            ["n_ctx"] = context,
        },
    };

    private static JsonObject Wrap(string message, string type, JsonNode? code) => new()
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = null, ["code"] = code },
    };

    private static string OllamaType(int status) => status switch { 404 => "not_found_error", 400 => "invalid_request_error", _ => "api_error" };

    private static string LlamaType(int status) => status switch
    {
        400 => "invalid_request_error",
        401 => "authentication_error",
        404 => "not_found_error",
        503 => "unavailable_error",
        _ => "server_error",
    };

    private static string VllmType(int status) => status switch { 400 => "BadRequestError", 404 => "NotFoundError", _ => "InternalServerError" };

    private static string ReasonPhrase(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
