using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Backends.Ollama;
using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;

namespace LocalMcp.Backends.OpenAi;

/// <summary>The OpenAI-compatible JSON as it travels, and the translations into and out of it.</summary>
internal static class OpenAiWire
{
    /// <summary>
    /// The body of a chat request. Servers may refuse what they do not know: each kind gets the fields that it is known to take or to ignore.
    /// </summary>
    /// <param name="constrained">Whether to have the answer constrained to the request's schema, where it has one.</param>
    /// <param name="counting">Whether to ask for the counts of tokens.</param>
    public static byte[] Body(ServerKind kind, string model, ChatRequest request, bool constrained = true, bool counting = true)
    {
        var (think, by) = (request.Think, kind.Switch);
        var noBudget = by == ReasoningSwitch.TemplateAndBudget && !think;
        var body = new ChatBody(model, request.Messages, Stream: true, counting ? new StreamOptions(IncludeUsage: true) : null)
        {
            MaxTokens = request.MostTokens,
            ChatTemplateKwargs = by is ReasoningSwitch.Template or ReasoningSwitch.TemplateAndBudget ? new TemplateArguments(think, think) : null,
            // With 0, build 11669 lets a template that opens the reasoning in the prompt go on without end; with 1 it closes it at once. It
            // prefers the first field; builds that know only the second one, which this budget stands for, are asked for none.
            ReasoningBudgetTokens = noBudget ? 1 : null,
            ThinkingBudgetTokens = noBudget ? 0 : null,
            ReasoningEffort = by == ReasoningSwitch.Effort ? (think ? "medium" : "none") : null,
            EnableThinking = by == ReasoningSwitch.Flag ? think : null,
            ReturnProgress = kind == ServerKind.LlamaServer ? true : null,
            ResponseFormat = constrained && request.Schema?.Constraint is { } schema ? new ResponseFormat("json_schema", new NamedSchema("answer", Strict: true, schema)) : null,
        };
        return JsonSerializer.SerializeToUtf8Bytes(body, OpenAiJson.Default.ChatBody);
    }

    /// <summary>One <c>data:</c> of the stream, or null when it is not of the wire's shape.</summary>
    public static Chunk? Parse(string data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, OpenAiJson.Default.Chunk);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The counts of a chunk; null where there are none, or of another shape: an answer is not lost for them.</summary>
    public static ChunkUsage? Counts(JsonElement? usage)
    {
        try
        {
            return usage is { ValueKind: JsonValueKind.Object } counts ? counts.Deserialize(OpenAiJson.Default.ChunkUsage) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The data of an event that is named error, in the usual shape of an error.</summary>
    public static string AsError(string data) =>
        Parse(data) is { IsError: false } && data.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal) ? $"{{\"error\":{data}}}" : data;

    /// <summary>Reasoning first, then text: the order in which a model writes them.</summary>
    public static IEnumerable<ChatDelta> Deltas(Choice choice)
    {
        var part = choice.Delta ?? choice.Message;
        if (ReasoningOf(part) is { Length: > 0 } reasoning)
            yield return new ChatDelta.Reasoning(reasoning);
        if (TextOf(part?.Content) is { Length: > 0 } content)
            yield return new ChatDelta.Text(content);
    }

    // The first of the names that is not empty: some servers send the same text under two of them. Some send reasoning as a part of the content.
    private static string? ReasoningOf(Part? part) =>
        new[] { part?.ReasoningContent, part?.Reasoning, part?.Thinking }.Select(TextOf).FirstOrDefault(text => text is { Length: > 0 }) ?? Parts(part?.Content, ["thinking", "reasoning"]);

    // Some servers send the text in parts: [{"type":"text","text":"…"}].
    private static string? TextOf(JsonElement? content) => content is { ValueKind: JsonValueKind.String } text ? JsonText.Of(text) : Parts(content, ["text"]);

    // Parts of reasoning have their text under their own name, or parts in it again.
    private static string? Parts(JsonElement? content, string[] names) => content is { ValueKind: JsonValueKind.Array } parts
        ? string.Concat(parts.EnumerateArray().Select(part => names.Select(name => TextOf(Field(part, name))).FirstOrDefault(text => text is not null)))
        : null;

    /// <summary>The end that a finish reason means; null when it means a failure (abort, error …).</summary>
    public static FinishReason? Reason(string? reason) => reason switch
    {
        null or "stop" or "eos" or "eos_token" or "end_turn" or "stop_sequence" or "tool_calls" or "function_call" => FinishReason.Stop,
        "length" or "max_tokens" => FinishReason.Length,
        "content_filter" => FinishReason.Refused,
        _ => null,
    };

    /// <summary>The models of a <c>/v1/models</c> answer that can chat, or null when it is not one.</summary>
    public static IReadOnlyList<ModelFacts>? Models(string body, string backend)
    {
        try
        {
            return JsonSerializer.Deserialize(body, OpenAiJson.Default.ModelList)?.Data?.OfType<Model>().Where(m => m.Id is { Length: > 0 } && Word(m.Type) is not ("embeddings" or "embedding")).Select(m => Facts(m, backend)).ToList();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The kind of server that a <c>/v1/models</c> answer gives away by <c>owned_by</c>, or null.</summary>
    public static ServerKind? Kind(string body)
    {
        try
        {
            var owners = JsonSerializer.Deserialize(body, OpenAiJson.Default.ModelList)?.Data?.Select(m => m?.OwnedBy ?? "").ToList() ?? [];
            return owners switch
            {
                _ when owners.Contains("llamacpp") => ServerKind.LlamaServer,
                _ when owners.Contains("vllm") => ServerKind.Vllm,
                _ when owners.Contains("omlx") => ServerKind.Omlx,
                _ when owners.Contains("organization_owner") => ServerKind.LmStudio,
                _ when owners.Contains("exo") => ServerKind.Exo,
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a llama-server says of itself in its <c>/props</c>; null for what it does not say.</summary>
    public static ServedModel Served(string props)
    {
        try
        {
            var known = JsonSerializer.Deserialize(props, OpenAiJson.Default.Props);
            var tools = Flag(Field(known?.ChatTemplateCaps, "supports_tools")) ?? TemplateTools.Takes(known?.ChatTemplate);
            return new ServedModel(known?.DefaultGenerationSettings?.ContextLength is > 0 and var context ? context : null, ModelFacts.Reasons(known?.ChatTemplate), known?.TotalSlots, known?.Warnings, tools);
        }
        catch (JsonException)
        {
            return new ServedModel();
        }
    }

    // vLLM says max_model_len; LM Studio's own listing says state and max_context_length; llama-server has meta, and status in router mode.
    // All of it is extra: a server that means something else by a name loses that fact, not its place in the list.
    private static ModelFacts Facts(Model model, string backend) => new()
    {
        Name = model.Id!,
        Backend = backend,
        SizeBytes = Whole(Field(model.Meta, "size")),
        Quantization = Word(model.Quantization) ?? Word(Field(model.Meta, "ftype")),
        ContextLength = Length(model.LoadedContextLength) ?? Length(model.MaxModelLen) ?? Length(Field(model.Meta, "n_ctx")),
        TrainedContext = Length(model.MaxContextLength) ?? Length(Field(model.Meta, "n_ctx_train")),
        Shape = Shape(model),
        // An Ollama that shows nothing but this API lists its cloud models here, too.
        RemoteHost = model.Id!.Contains(':', StringComparison.Ordinal) && OllamaCloud.Names(model.Id) ? OllamaCloud.Host : null,
        Loaded = (Word(model.State) ?? Word(Field(model.Status, "value"))) switch { "loaded" => true, null => null, _ => false },
    };

    // LM Studio says arch, and tool_use among the capabilities; the rest is llama-server's. Null when nothing is said.
    private static ModelShape? Shape(Model model)
    {
        var shape = new ModelShape
        {
            Architecture = Word(model.Arch),
            Parameters = Whole(Field(model.Meta, "n_params")),
            WeightBytes = Whole(Field(model.Meta, "size")),
            EmbeddingLength = Length(Field(model.Meta, "n_embd")),
            Vocabulary = Length(Field(model.Meta, "n_vocab")),
            Tokenizer = Tokenizer(Length(Field(model.Meta, "vocab_type"))),
            CanUseTools = model.Capabilities is { ValueKind: JsonValueKind.Array } all && all.EnumerateArray().Any(one => JsonText.Of(one) == "tool_use") ? true : null,
        };
        return shape == new ModelShape() ? null : shape;
    }

    // enum llama_vocab_type of llama.cpp's include/llama.h, by the names that files have for the kinds.
    private static string? Tokenizer(int? type) => type switch
    {
        1 => "llama",
        2 => "gpt2",
        3 => "bert",
        4 => "t5",
        5 => "rwkv",
        6 => "plamo2",
        _ => null,
    };

    private static bool? Flag(JsonElement? json) => json?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static JsonElement? Field(JsonElement? json, string name) => json is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var field) ? field : null;

    private static string? Word(JsonElement? json) => JsonText.Of(json);

    private static long? Whole(JsonElement? json) => json is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && number is > 0 and < 1e15 ? (long)number : null;

    private static int? Length(JsonElement? json) => Whole(json) is { } number and <= int.MaxValue ? (int)number : null;

    internal sealed record StreamOptions(bool IncludeUsage);

    // Qwen, GLM, Gemma and Nemotron ask for the first name, DeepSeek, Kimi and Granite for the second. Jinja ignores what a template does not ask for.
    internal sealed record TemplateArguments(bool EnableThinking, bool Thinking);

    internal sealed record ChatBody(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream, StreamOptions? StreamOptions)
    {
        public int? MaxTokens { get; init; }

        public TemplateArguments? ChatTemplateKwargs { get; init; }

        public int? ReasoningBudgetTokens { get; init; }

        public int? ThinkingBudgetTokens { get; init; }

        public string? ReasoningEffort { get; init; }

        public bool? EnableThinking { get; init; }

        public bool? ReturnProgress { get; init; }

        public ResponseFormat? ResponseFormat { get; init; }
    }

    internal sealed record ResponseFormat(string Type, NamedSchema JsonSchema);

    internal sealed record NamedSchema(string Name, bool Strict, JsonElement Schema);

    internal sealed record Chunk(string? Model, Choice?[]? Choices, JsonElement? Usage, Timings? Timings, PromptProgress? PromptProgress, JsonElement? Error, JsonElement? Object)
    {
        public bool IsError => Error is not null || Word(Object) == "error";
    }

    internal sealed record Choice(Part? Delta, Part? Message, string? FinishReason);

    internal sealed record Part(JsonElement? Content, JsonElement? ReasoningContent, JsonElement? Reasoning, JsonElement? Thinking);

    internal sealed record ChunkUsage(double? PromptTokens, double? CompletionTokens, double? ReasoningTokens, CompletionDetails? CompletionTokensDetails, PromptDetails? PromptTokensDetails = null)
    {
        /// <summary>What can be a count. 0 tokens of reasoning say as little as nothing: some servers always send it.</summary>
        public Usage Counted() =>
            new(Count(PromptTokens), Count(CompletionTokens), null, Count(CompletionTokensDetails?.ReasoningTokens ?? ReasoningTokens) is > 0 and var reasoning ? reasoning : null) { CachedTokens = Count(PromptTokensDetails?.CachedTokens) };

        private static int? Count(double? number) => number is >= 0 and <= int.MaxValue ? (int)number : null;
    }

    internal sealed record CompletionDetails(double? ReasoningTokens);

    internal sealed record PromptDetails(double? CachedTokens);

    /// <summary>llama-server's own measurements. Its prompt_n leaves out what was in the cache, which is in cache_n.</summary>
    internal sealed record Timings([property: JsonPropertyName("predicted_per_second")] double? TokensPerSecond, JsonElement? PromptN, JsonElement? PromptMs)
    {
        public Usage AddTo(Usage usage)
        {
            var measured = usage with { TokensPerSecond = Speed(TokensPerSecond) };
            return Length(PromptN) is { } tokens && Milliseconds is { } time && Speed(tokens / time * 1000) is { } prefill ? measured with { PrefillTokensPerSecond = prefill, PrefillTokens = tokens } : measured;
        }

        // JSON has numbers that are beyond a double, and servers divide by times that are none.
        private static double? Speed(double? number) => number is > 0 and < double.PositiveInfinity ? number : null;

        private double? Milliseconds => PromptMs is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var time) && time > 0 ? time : null;
    }

    internal sealed record PromptProgress(int? Total, int? Processed);

    internal sealed record ModelList(Model?[]? Data);

    internal sealed record Model(string? Id, string? OwnedBy, JsonElement? Type, JsonElement? State, JsonElement? Quantization, JsonElement? MaxModelLen, JsonElement? MaxContextLength, JsonElement? LoadedContextLength, JsonElement? Meta, JsonElement? Status, JsonElement? Arch, JsonElement? Capabilities);

    /// <summary>A llama-server's model as it is served.</summary>
    /// <param name="Context">Tokens for each slot.</param>
    /// <param name="Slots">Answers at once.</param>
    /// <param name="Warnings">What its user should know; our own engine says it.</param>
    /// <param name="CanUseTools">Whether its template takes tools.</param>
    internal sealed record ServedModel(int? Context = null, bool? CanThink = null, int? Slots = null, IReadOnlyList<string>? Warnings = null, bool? CanUseTools = null);

    internal sealed record Props(GenerationSettings? DefaultGenerationSettings, string? ChatTemplate, int? TotalSlots, string[]? Warnings, JsonElement? ChatTemplateCaps);

    internal sealed record GenerationSettings([property: JsonPropertyName("n_ctx")] int? ContextLength);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OpenAiWire.ChatBody))]
[JsonSerializable(typeof(OpenAiWire.Chunk))]
[JsonSerializable(typeof(OpenAiWire.ChunkUsage))]
[JsonSerializable(typeof(OpenAiWire.ModelList))]
[JsonSerializable(typeof(OpenAiWire.Props))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
