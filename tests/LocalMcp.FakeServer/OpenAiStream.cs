using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>Server-sent events of a chat completion.</summary>
internal sealed class OpenAiStream(Exchange x, OpenAiCompletion completion) : StreamShape
{
    private bool _roleSent;

    public override string ContentType => "text/event-stream";

    public override bool HeadersAtOnce => x.Kind != ServerKind.Ollama;

    public override IEnumerable<string> Preamble
    {
        get
        {
            if (x.Options.Pings)
                yield return ": ping\n\n";
            if (!completion.AsksProgress)
                yield break;
            yield return Event(completion.Progress(completion.PromptTokens / 2));
            yield return Event(completion.Progress(completion.PromptTokens));
        }
    }

    public override string Garbage => "data: {\"id\":\"chatcmpl-0\",\"choices\":[{\"index\":0,\"delta\":{\"con\n\n";

    public override string Chunk(Piece piece)
    {
        var delta = new JsonObject();
        var opening = "";
        if (!_roleSent && x.Kind == ServerKind.Ollama)
            delta["role"] = "assistant";
        else if (!_roleSent)
            opening = Event(completion.Chunk(Role()));
        _roleSent = true;

        // Ollama sends an empty content along with reasoning.
        if (!piece.IsReasoning || x.Kind == ServerKind.Ollama)
            delta["content"] = piece.IsReasoning ? "" : piece.Text;
        if (piece.IsReasoning)
            delta[completion.ReasoningField] = piece.Text;
        return opening + Event(completion.Chunk(delta)) + (x.Options.Pings ? ": ping\n\n" : "");
    }

    public override string Error(string text)
    {
        var error = ErrorShape.For(x, 500, text);
        if (x.Options.ErrorAsOldField)
            return $"error: {Reply.Json(x, error["error"]!)}\n\n";
        return x.Kind switch
        {
            ServerKind.Ollama => RunnerDied(),
            ServerKind.LmStudio => NamedError(x, text),
            ServerKind.Vllm => Event(error) + Done,
            _ => Event(error),
        };
    }

    public override IEnumerable<string> Ending()
    {
        var last = completion.Chunk(x.Kind == ServerKind.Vllm ? new JsonObject { ["content"] = "" } : [], completion.Finish);
        if (completion.GivesTimings && !completion.AsksUsage)
            last["timings"] = completion.Timings;
        yield return Event(last);

        if (completion.AsksUsage)
        {
            var usage = completion.Chunk(null);
            usage["usage"] = completion.Usage;
            if (completion.GivesTimings)
                usage["timings"] = completion.Timings;
            yield return Event(usage);
        }

        yield return Done;
    }

    /// <summary>LM Studio's error event.</summary>
    public static string NamedError(Exchange x, string text)
    {
        var error = new JsonObject { ["error"] = new JsonObject { ["message"] = text }, ["message"] = text };
        return $"event: error\ndata: {Reply.Json(x, error)}\n\n";
    }

    private const string Done = "data: [DONE]\n\n";

    // Ollama gives no error on this wire: one empty chunk of no model, and the stream is over.
    private string RunnerDied()
    {
        var chunk = completion.Chunk(new JsonObject { ["content"] = "" });
        chunk["model"] = "";
        return Event(chunk);
    }

    private JsonObject Role() => new() { ["role"] = "assistant", ["content"] = x.Kind == ServerKind.LlamaServer ? null : "" };

    private string Event(JsonNode node) => $"data: {Reply.Json(x, node)}\n\n";
}
