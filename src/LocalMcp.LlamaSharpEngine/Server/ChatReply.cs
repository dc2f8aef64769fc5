using System.Text.Json.Serialization;
using LocalMcp.LlamaSharpEngine.Batching;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>An answer as it travels: whole, or one chunk of a stream.</summary>
internal sealed record ChatReply(string Id, string Object, long Created, string Model, IReadOnlyList<ChatReplyChoice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatUsage? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatTimings? Timings { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatProgress? PromptProgress { get; init; }
}

internal sealed record ChatReplyChoice(int Index, string? FinishReason)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatPart? Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatPart? Message { get; init; }

    public static string Reason(bool atLimit) => atLimit ? "length" : "stop";
}

internal sealed record ChatPart
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}

internal sealed record ChatProgress(int Total, int Cache, int Processed, double TimeMs)
{
    public static ChatProgress Of(RunEvent.PromptRead read) => new(read.Total, read.Cached, read.Processed, Math.Round(read.Milliseconds, 1));
}

internal sealed record ChatUsage(int PromptTokens, int CompletionTokens, int TotalTokens, PromptDetails PromptTokensDetails)
{
    public static ChatUsage Of(RunTimings timings) => new(timings.PromptTokens, timings.Written, timings.PromptTokens + timings.Written, new PromptDetails(timings.Cached));
}

internal sealed record PromptDetails(int CachedTokens);

internal sealed record ChatTimings(int CacheN, int PromptN, double PromptMs, double PromptPerSecond, int PredictedN, double PredictedMs, double PredictedPerSecond)
{
    public static ChatTimings Of(RunTimings timings) => new(
        timings.Cached, timings.Read, Math.Round(timings.ReadMilliseconds, 3), Math.Round(timings.ReadPerSecond, 3), timings.Written, Math.Round(timings.WriteMilliseconds, 3), Math.Round(timings.WrittenPerSecond, 3));
}
