namespace LocalMcp.FakeServer;

/// <summary>A named behaviour; change its kind or models with <c>with</c>.</summary>
public sealed record Scenario(string Name, string Says, FakeOptions Options);

/// <summary>Behaviours that are worth a name.</summary>
public static class Scenarios
{
    private const string Reasons = "The user wants a greeting. A short one will do.";
    private static readonly FakeOptions Friendly = new();
    private static readonly FakeModel Small = FakeModel.Default with { ServedContext = 4096 };
    private static readonly FakeModel Remote = new("innocent-name", ContextLength: 131_072, RemoteHost: "https://ollama.com:11434", CanThink: true);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        // Answers that are as they should be.
        new("plain", "answers in five chunks, friendly in every way", Friendly),
        new("slow", "20 tokens per second", Friendly with { TokensPerSecond = 20, Answer = Words(60) }),
        new("long", "an answer of 2,000 tokens at full speed", Friendly with { Answer = Words(2000) }),
        new("endless", "starts over until max_tokens or until the client leaves", Friendly with { Endless = true, Answer = " tick tock" }),
        new("odd-cuts", "every stream cut into writes of three bytes, inside of characters too",
            Friendly with { BytesPerWrite = 3, Answer = "Grüße – 你好, 🙂 done." }),
        new("pings", "SSE comments between the events", Friendly with { Pings = true }),
        new("no-usage", "no token counts", Friendly with { Usage = false }),
        new("remote-model", "one model runs elsewhere, under a harmless name",
            Friendly with { Kind = ServerKind.Ollama, Models = [FakeModel.Default, Remote] }),
        new("embedding-only", "the only model cannot chat", Friendly with { Models = [new("nomic-embed-text", CanChat: false)] }),

        // Reasoning in its forms.
        new("reasoning-content", "reasoning in the field reasoning_content", Thinking(ReasoningForm.ReasoningContent)),
        new("reasoning-field", "reasoning in the field reasoning", Thinking(ReasoningForm.Reasoning)),
        new("thinking", "reasoning in the kind's own field, the model being listed as one that thinks", Thinking(ReasoningForm.KindsOwn)),
        new("think-tags", "reasoning inside the text, between tags", Thinking(ReasoningForm.ThinkTags)),
        new("think-late-close", "reasoning inside the text with only the closing tag",
            Friendly with { Answer = $"{Reasons}\n</think>\n\nHello from the scripted model." }),
        new("think-unclosed", "reasoning inside the text that the token limit cuts",
            Friendly with { Answer = $"<think>\n{Reasons}", FinishReason = "length" }),
        new("reasoning-only", "the token limit ends the reasoning before there is an answer",
            Thinking(ReasoningForm.KindsOwn) with { Answer = "", FinishReason = "length" }),

        // Endings and contents that need a name.
        new("length", "cut by the token limit", Friendly with { FinishReason = "length" }),
        new("refused", "finish reason content_filter", Friendly with { FinishReason = "content_filter" }),
        new("empty", "finishes without a word", Friendly with { Answer = "" }),
        new("wrong-model-name", "answers under another model's name", Friendly with { AnsweredModel = "some-other-model" }),
        new("non-streaming", "ignores stream: true", Friendly with { NonStreaming = true }),

        // Streams that break.
        new("drop", "connection reset after three chunks", Friendly with { DropAfterChunks = 3 }),
        new("drop-at-once", "connection reset before the first chunk", Friendly with { DropAfterChunks = 0 }),
        new("stream-error", "error inside the stream after three chunks", Friendly with { ErrorAfterChunks = 3 }),
        new("stream-error-old", "the same in the field that llama-server used until 2025",
            Friendly with { Kind = ServerKind.LlamaServer, ErrorAfterChunks = 3, ErrorAsOldField = true }),
        new("no-finish", "ends cleanly after three chunks, without finish reason or end mark", Friendly with { EndAfterChunks = 3 }),
        new("garbage", "half a JSON object after two chunks, then goes on", Friendly with { GarbageAfterChunks = 2 }),
        new("hold-stream", "waits after two chunks until released", Friendly with { HoldAfterChunks = 2 }),

        // No stream at all.
        new("slow-headers", "two seconds before the headers", Friendly with { DelayBeforeHeaders = TimeSpan.FromSeconds(2) }),
        new("hold-headers", "no headers until released", Friendly with { HoldBeforeHeaders = true }),
        new("loading", "503 for the first two requests",
            Friendly with { Kind = ServerKind.LlamaServer, FaultsOn = FaultScope.Everything, UnavailableForFirst = 2 }),
        new("busy", "503 for ever", Friendly with { UnavailableFor = TimeSpan.MaxValue }),
        new("unauthorized", "wants the key 'secret'", Friendly with { ApiKey = "secret" }),
        new("context-overflow", "the prompt of 10,019 tokens exceeds the context of 4,096",
            Friendly with { ExceedsContext = true, PromptTokens = 10_019, Models = [Small] }),
        new("out-of-memory", "500 with an engine's words when its memory is not enough", Friendly with { Status = 500, StatusText = OutOfMemory }),
        new("server-error", "500 to chats", Friendly with { Status = 500, StatusText = "internal error" }),
        new("not-found", "404 to everything", Friendly with { Status = 404, StatusText = "not found", FaultsOn = FaultScope.Everything }),
        new("redirect", "redirects everything to a closed port",
            Friendly with { RedirectTo = "http://127.0.0.1:9", FaultsOn = FaultScope.Everything }),

        // Something else answers.
        new("html", "a web page at every address", Friendly with { Html = true, FaultsOn = FaultScope.Everything }),
        new("half-json", "JSON cut in the middle at every address", Friendly with { HalfJson = true, FaultsOn = FaultScope.Everything }),
        new("unknown-shape", "JSON that is no answer at every address", Friendly with { UnknownShape = true, FaultsOn = FaultScope.Everything }),
        new("empty-list", "lists no models", Friendly with { EmptyModelList = true }),
    ];

    public static IReadOnlyDictionary<string, FakeOptions> ByName { get; } = All.ToDictionary(scenario => scenario.Name, scenario => scenario.Options);

    private const string OutOfMemory = "llama-server process has terminated: exit status 1: ggml_aligned_malloc: "
        + "insufficient memory (attempted to allocate 6144.00 MB)\n"
        + "llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache";

    private static FakeOptions Thinking(ReasoningForm form) =>
        Friendly with { Reasoning = Reasons, ReasoningForm = form, Models = [FakeModel.Default with { CanThink = true }] };

    private static string Words(int count) => string.Join(' ', Enumerable.Range(1, count).Select(number => $"word{number}"));
}
