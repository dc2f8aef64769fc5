using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;
using LocalMcp.Chat;
using LocalMcp.State;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>Ollama's lines of JSON.</summary>
internal sealed class OllamaFuzzer : StreamFuzzer
{
    public override string Name => "ollama";

    public override int Rounds => 3_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "\n", "\"done\":true", "\"done\":false", "\"done\":null", "\"done_reason\":\"stop\"", "\"done_reason\":\"length\"", "\"done_reason\":\"load\"", "\"message\":{\"role\":\"assistant\",\"content\":\"x\"}", "\"message\":null", "\"message\":[]",
        "\"thinking\":\"x\"", "\"content\":\"\\ud83d\"", "\"content\":\"\\ude00\"", "\"error\":\"no\"", "{\"error\":\"no\"}\n", "\"eval_count\":", "\"eval_duration\":", "\"prompt_eval_count\":", "\"prompt_eval_duration\":", "\"load_duration\":",
        "\"eval_count\":-5,", "\"eval_duration\":1,", "\"prompt_eval_count\":2147483647,", "\"load_duration\":200000000,", "\"model\":\"\\u001b[31m\"",
    ];

    protected override string Type(byte[] input) => "application/x-ndjson";

    protected override IAsyncEnumerable<ChatDelta> Stream(ServerConnection server) =>
        new OllamaBackend("ollama", Wire.Root, server, new OllamaSettings(), TimeProvider.System).StreamAsync(Model, Request, CancellationToken.None);

    protected override string Written(IReadOnlyList<string> pieces, Random random)
    {
        var end = random.Next(2) == 0 ? "\n" : "\r\n";
        return string.Concat(pieces.Select(piece => $"{{\"model\":\"m\",\"message\":{{\"role\":\"assistant\",\"content\":{Json(piece, random)}}},\"done\":false}}{end}"))
            + "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"eval_count\":3,\"eval_duration\":30000}" + (random.Next(2) == 0 ? end : "");
    }

    protected override string[] Events(string written) => [.. written.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + "\n")];
}
