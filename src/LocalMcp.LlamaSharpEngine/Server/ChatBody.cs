using System.Text.Json;
using LocalMcp.LlamaSharpEngine.Batching;
using LocalMcp.LlamaSharpEngine.Prompt;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>A chat request as it travels. Fields that are not here are ignored.</summary>
internal sealed record ChatBody(
    IReadOnlyList<ChatBodyMessage?>? Messages, JsonElement? Stop, int? MaxTokens, int? MaxCompletionTokens, bool? Stream, StreamOptions? StreamOptions, bool? ReturnProgress,
    float? Temperature, float? TopP, int? TopK, float? MinP, long? Seed, float? RepeatPenalty, TemplateArguments? ChatTemplateKwargs)
{
    /// <summary>True unless the request turns thoughts off.</summary>
    public bool Think => ChatTemplateKwargs is not { EnableThinking: false } and not { Thinking: false };

    /// <exception cref="RequestException">It is no chat request.</exception>
    public static async Task<ChatBody> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(body, EngineJson.Default.ChatBody, cancellationToken)
                ?? throw new RequestException(RequestError.Invalid("The body is null. Send a chat request with messages."));
        }
        catch (JsonException broken)
        {
            throw new RequestException(RequestError.Invalid($"The body is not a chat request: {broken.Message}"));
        }
    }

    /// <exception cref="RequestException">There are none, or one has no role.</exception>
    public IReadOnlyList<ChatMessage> Conversation() => Messages is { Count: > 0 }
        ? [.. Messages.Select(message => new ChatMessage(message?.Role ?? throw new RequestException(RequestError.Invalid("A message has no role. Use system, user or assistant.")), Text(message.Content)))]
        : throw new RequestException(RequestError.Invalid("There are no messages. Send at least one, with role and content."));

    /// <summary>The sequences that end the answer, empty ones left out.</summary>
    public IReadOnlyList<string> Stops() => Stop switch
    {
        { ValueKind: JsonValueKind.String } one => [.. new[] { one.GetString()! }.Where(stop => stop.Length > 0)],
        { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray().Where(stop => stop.ValueKind == JsonValueKind.String).Select(stop => stop.GetString()!).Where(stop => stop.Length > 0)],
        _ => [],
    };

    /// <summary>Null for as many tokens as the context holds, which less than 0 means too.</summary>
    /// <exception cref="RequestException">It is 0: there would be no answer.</exception>
    public int? Limit() => (MaxTokens ?? MaxCompletionTokens) switch
    {
        0 => throw new RequestException(RequestError.Invalid("max_tokens is 0, which leaves no room for an answer. Send at least 1, or leave it away.")),
        < 0 => null,
        var limit => limit,
    };

    public SamplingChoice Sampling()
    {
        var usual = new SamplingChoice();
        return new SamplingChoice
        {
            Temperature = Temperature ?? usual.Temperature,
            TopP = TopP ?? usual.TopP,
            TopK = TopK ?? usual.TopK,
            MinP = MinP ?? usual.MinP,
            RepeatPenalty = RepeatPenalty ?? usual.RepeatPenalty,
            Seed = Seed is >= 0 and <= uint.MaxValue ? (uint)Seed : null,
        };
    }

    // Text, or parts of which some have text.
    private static string Text(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray().Select(PartText)),
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        _ => throw new RequestException(RequestError.Invalid("A message's content is neither a text nor a list of parts.")),
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : throw new RequestException(RequestError.Invalid("A part of a message has no text. This engine reads text alone, no images and no sound."));
}

internal sealed record ChatBodyMessage(string? Role, JsonElement? Content);

internal sealed record StreamOptions(bool? IncludeUsage);

internal sealed record TemplateArguments(bool? EnableThinking, bool? Thinking);
