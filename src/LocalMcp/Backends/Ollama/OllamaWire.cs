using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Chat;
using LocalMcp.Models;

namespace LocalMcp.Backends.Ollama;

/// <summary>Ollama's native JSON as it travels, and the translations into and out of it. Durations are nanoseconds.</summary>
internal static class OllamaWire
{
    // A warm model is ready within 1 to 4 ms, and the load of a tiny one takes 50: what takes longer than this was loaded for this chat.
    private const long Loaded = 100_000_000;

    /// <summary>
    /// The body of a chat request. <c>truncate: false</c> makes an over-long prompt an error where Ollama would otherwise cut it in silence.
    /// </summary>
    /// <param name="context">The <c>num_ctx</c> to ask for; null leaves it to Ollama.</param>
    /// <param name="think">What to ask about reasoning; null leaves the field away, for a model that refuses it.</param>
    /// <param name="constrained">Whether to have the answer constrained to the request's schema, where it has one.</param>
    /// <remarks>
    /// Without a limit Ollama generates up to ten times the context, and drops the beginning of the text on the way without saying so: it is never asked for more tokens than
    /// there is room for. <c>shift: false</c> would do the same, and makes it load the model again.
    /// </remarks>
    public static byte[] Body(string model, ChatRequest request, bool? think, int? context, bool constrained = true)
    {
        var body = new ChatBody(model, request.Messages, Stream: true, Truncate: false, think, Options(request.MostTokens ?? request.Room, context)) { Format = constrained ? request.Schema?.Constraint : null };
        return JsonSerializer.SerializeToUtf8Bytes(body, OllamaJson.Default.ChatBody);
    }

    /// <summary>The body of a request that only loads the model, as a chat with the same context would.</summary>
    public static byte[] LoadBody(string model, int? context) =>
        JsonSerializer.SerializeToUtf8Bytes(new ChatBody(model, [], Stream: false, Truncate: null, null, Options(null, context)), OllamaJson.Default.ChatBody);

    /// <summary>The context that a model in memory is served with, as <c>/api/ps</c> says; null when it does not.</summary>
    public static int? ServedContext(string ps, string model) => ModelsOf(ps)?.FirstOrDefault(m => m.Name == model)?.ContextLength is > 0 and var context ? context : null;

    private static ChatOptions? Options(int? most, int? context) => most is null && context is null ? null : new ChatOptions(most, context);

    /// <summary>One line of the stream, or null when it is not of the wire's shape.</summary>
    public static Line? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, OllamaJson.Default.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static IEnumerable<ChatDelta> Deltas(Line line)
    {
        if (JsonText.Of(line.Message?.Thinking) is { Length: > 0 } thinking)
            yield return new ChatDelta.Reasoning(thinking);
        if (JsonText.Of(line.Message?.Content) is { Length: > 0 } content)
            yield return new ChatDelta.Text(content);
    }

    /// <summary>The end that the last line says; null when it is none that an answer has.</summary>
    public static ChatDelta.Finish? Finish(Line line)
    {
        FinishReason? reason = line.DoneReason switch
        {
            null or "stop" => FinishReason.Stop,
            "length" => FinishReason.Length,
            _ => null,
        };
        if (reason is not { } ending)
            return null;
        double? speed = line is { EvalCount: > 0 and var tokens, EvalDuration: > 0 and var nanoseconds } ? tokens / (nanoseconds / 1e9) : null;
        return new ChatDelta.Finish(ending, WithPrefill(new Usage(Count(line.PromptEvalCount), Count(line.EvalCount), speed), line), line.Model);
    }

    private static int? Count(int? number) => number >= 0 ? number : null;

    /// <summary>Whether the model was loaded for this chat.</summary>
    public static bool LoadedForThis(Line line) => line.LoadDuration >= Loaded;

    // The count includes tokens that were in the cache, and nothing says how many; only the first chat after a load is sure to have had none.
    private static Usage WithPrefill(Usage usage, Line line) => line is { LoadDuration: >= Loaded, PromptEvalCount: > 0 and var tokens, PromptEvalDuration: > 0 and var nanoseconds }
        ? usage with { PrefillTokensPerSecond = tokens / (nanoseconds / 1e9), PrefillTokens = tokens }
        : usage;

    /// <summary>
    /// The models of <c>/api/tags</c> that can chat, with their digests and with what <c>/api/ps</c> knows of those in memory; null when the first is not such a list.
    /// Old servers name no capabilities: then a model counts as one that can chat.
    /// </summary>
    public static IReadOnlyList<(ModelFacts Facts, string? Digest)>? Models(string tags, string? ps, string backend)
    {
        if (ModelsOf(tags) is not { } all)
            return null;
        var running = ps is null ? null : ModelsOf(ps);
        return all.Where(m => m.Name is { Length: > 0 } && m.Capabilities?.Contains("completion") is not false).Select(m => (Facts(m, running, backend), JsonText.Of(m.Digest))).ToList();
    }

    /// <summary>What a list says of a model, completed by what <c>/api/show</c> says of it.</summary>
    public static ModelFacts With(ModelFacts facts, OllamaShow show) => facts with
    {
        Shape = show.Shape,
        Quantization = facts.Quantization ?? show.Quantization,
        ContextLength = facts.ContextLength ?? show.Context,
        TrainedContext = facts.TrainedContext ?? show.TrainedContext,
        CanThink = facts.CanThink ?? show.CanThink,
    };

    /// <summary>What an answer of <c>/api/show</c> says of where the model runs; null when it is not one.</summary>
    public static (string? Host, string? Model)? Remote(string show)
    {
        try
        {
            return JsonSerializer.Deserialize(show, OllamaJson.Default.Elsewhere) is { } elsewhere ? (elsewhere.RemoteHost, elsewhere.RemoteModel) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Model[]? ModelsOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OllamaJson.Default.ModelList)?.Models?.OfType<Model>().ToArray();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ModelFacts Facts(Model model, Model[]? running, string backend)
    {
        var loaded = running?.FirstOrDefault(r => r.Name == model.Name);
        var host = OllamaCloud.HostOf(model.Name!, model.RemoteHost, model.RemoteModel);
        return new ModelFacts
        {
            Name = model.Name!,
            Backend = backend,
            OllamaNames = true,
            SizeBytes = host is null && model.Size > 0 ? model.Size : null,
            Quantization = model.Details?.QuantizationLevel is { Length: > 0 } level and not "unknown" ? level : null,
            ContextLength = Length(loaded?.ContextLength),
            TrainedContext = Length(model.Details?.ContextLength),
            Loaded = running is null ? null : loaded is not null,
            ResidentBytes = loaded?.Size > 0 ? loaded.Size : null,
            CanThink = model.Capabilities?.Contains("thinking"),
            RemoteHost = host,
        };
    }

    private static int? Length(int? tokens) => tokens > 0 ? tokens : null;

    internal sealed record ChatOptions(int? NumPredict, int? NumCtx);

    internal sealed record ChatBody(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream, bool? Truncate, bool? Think, ChatOptions? Options)
    {
        /// <summary>A JSON Schema that the answer is constrained to; reasoning that comes before it is free.</summary>
        public JsonElement? Format { get; init; }
    }

    internal sealed record Answer(JsonElement? Content, JsonElement? Thinking);

    internal sealed record Line(string? Model, Answer? Message, bool? Done, string? DoneReason, int? PromptEvalCount, int? EvalCount, long? EvalDuration, string? Error, long? LoadDuration = null, long? PromptEvalDuration = null);

    internal sealed record ModelList(Model?[]? Models);

    internal sealed record Model(string? Name, long? Size, JsonElement? Digest, string? RemoteHost, string? RemoteModel, int? ContextLength, Details? Details, string[]? Capabilities);

    internal sealed record ShowBody(string Model);

    internal sealed record Elsewhere(string? RemoteHost, string? RemoteModel);

    internal sealed record Details(string? QuantizationLevel, int? ContextLength);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OllamaWire.ChatBody))]
[JsonSerializable(typeof(OllamaWire.ShowBody))]
[JsonSerializable(typeof(OllamaWire.Elsewhere))]
[JsonSerializable(typeof(OllamaWire.Line))]
[JsonSerializable(typeof(OllamaWire.ModelList))]
internal sealed partial class OllamaJson : JsonSerializerContext;
