using System.Text.Json.Serialization;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>Errors as they travel: llama-server's shape.</summary>
internal static class ErrorWire
{
    public static ErrorReply Body(RequestError error) => new(new ErrorWords(error.Code, error.Message, error.Type) { NPromptTokens = error.PromptTokens, NCtx = error.ContextLength });

    public static ErrorReply Loading(float progress) => new(new ErrorWords(503, "Loading model", "unavailable_error")) { Progress = Math.Round(progress, 3) };
}

internal sealed record ErrorReply(ErrorWords Error)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Progress { get; init; }
}

internal sealed record ErrorWords(int Code, string Message, string Type)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NPromptTokens { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NCtx { get; init; }
}
