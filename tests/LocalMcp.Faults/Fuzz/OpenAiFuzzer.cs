using LocalMcp.Backends;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Chat;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>Server-sent events of an OpenAI-compatible server, and the JSON of one that does not stream.</summary>
internal sealed class OpenAiFuzzer : StreamFuzzer
{
    public override string Name => "openai";

    public override int Rounds => 3_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "data: ", "data:", "\n\n", "data: [DONE]\n\n", "event: error\n", "event: ", "id: 1\n", "retry: 5\n", ": ping\n\n", "\"error\":{\"message\":\"no\"},", "\"finish_reason\":\"stop\"", "\"finish_reason\":\"length\"", "\"finish_reason\":\"abort\"",
        "\"choices\":[", "\"choices\":[],", "\"choices\":[null]", "\"delta\":{\"content\":\"x\"}", "\"message\":{\"content\":\"x\"}", "\"reasoning_content\":\"x\"", "\"reasoning\":\"x\"", "\"content\":[{\"type\":\"text\",\"text\":\"x\"}]",
        "\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":1e999}", "\"usage\":null", "\"timings\":{\"prompt_n\":5,\"prompt_ms\":1e-320,\"predicted_per_second\":-1}", "\"prompt_progress\":{\"total\":9,\"processed\":3}", "\"object\":\"error\"", "\"model\":\"\\u0007\"",
    ];

    protected override string Type(byte[] input) => input is [(byte)'{', ..] ? "application/json" : "text/event-stream";

    protected override IAsyncEnumerable<ChatDelta> Stream(ServerConnection server) =>
        new OpenAiChat(server, ServerKind.OpenAi, "../").StreamAsync("chat/completions", Model, Request, () => Task.FromResult<BackendException?>(null), CancellationToken.None);

    protected override string Written(IReadOnlyList<string> pieces, Random random)
    {
        var end = new[] { "\n\n", "\r\n\r\n", "\r\r" }[random.Next(3)];
        var events = pieces.Select(piece => $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{Json(piece, random)}}},\"finish_reason\":null}}]}}{end}")
            .SelectMany(one => random.Next(5) == 0 ? new[] { $": ping{end}", one } : [one]);
        return string.Concat(events) + $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}{end}" + (random.Next(2) == 0 ? $"data: [DONE]{end}" : "");
    }

    protected override string[] Events(string written) => [.. written[..written.IndexOf("\"finish_reason\":\"stop\"", StringComparison.Ordinal)].Split("data: ").Skip(1).Select(one => "data: " + one), ""];
}
