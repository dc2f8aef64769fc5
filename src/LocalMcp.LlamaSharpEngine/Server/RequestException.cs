namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>Why a request got no answer, as the wire says it.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Type">One word for programs, as llama-server has them.</param>
internal sealed record RequestError(int Code, string Type, string Message)
{
    public int? PromptTokens { get; init; }

    public int? ContextLength { get; init; }

    public static RequestError Invalid(string message) => new(400, "invalid_request_error", message);

    public static RequestError Server(string message) => new(500, "server_error", message);

    public static RequestError TooLong(int promptTokens, int contextLength) =>
        new(400, "exceed_context_size_error", $"request ({promptTokens} tokens) exceeds the available context size ({contextLength} tokens), try increasing it") { PromptTokens = promptTokens, ContextLength = contextLength };
}

/// <summary>A request that cannot be answered.</summary>
internal sealed class RequestException(RequestError error) : Exception(error.Message)
{
    public RequestError Error => error;
}
