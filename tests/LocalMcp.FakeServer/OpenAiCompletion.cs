using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>The JSON objects of one chat completion: chunks, the whole, usage and timings.</summary>
internal sealed class OpenAiCompletion
{
    private readonly Exchange _x;
    private readonly ChatScript _script;
    private readonly string _id;
    private readonly long _created;

    public OpenAiCompletion(Exchange x, ChatScript script)
    {
        _x = x;
        _script = script;
        _id = "chatcmpl-" + x.State.NextAnswerNumber().ToString(CultureInfo.InvariantCulture);
        _created = x.Now.ToUnixTimeSeconds();
    }

    public bool GivesTimings => _x.Options.Timings ?? _x.Kind == ServerKind.LlamaServer;

    public bool AsksUsage => _x.Options.Usage && JsonRead.IsTrue(_x.Body?["stream_options"]?["include_usage"]);

    public bool AsksProgress => _x.Kind == ServerKind.LlamaServer && JsonRead.IsTrue(_x.Body?["return_progress"]);

    public string ReasoningField => _x.Options.ReasoningForm switch
    {
        ReasoningForm.Reasoning => "reasoning",
        ReasoningForm.KindsOwn when _x.Kind is ServerKind.Ollama or ServerKind.Vllm => "reasoning",
        _ => "reasoning_content",
    };

    public JsonObject Chunk(JsonObject? delta, string? finish = null)
    {
        var choices = new JsonArray();
        if (delta is not null)
            choices.Add(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish });
        return Head("chat.completion.chunk", choices);
    }

    public JsonObject Progress(int processed)
    {
        var chunk = Chunk(new JsonObject { ["role"] = "assistant", ["content"] = null });
        chunk["prompt_progress"] = new JsonObject { ["total"] = _script.PromptTokens, ["cache"] = 0, ["processed"] = processed, ["time_ms"] = processed };
        return chunk;
    }

    public int PromptTokens => _script.PromptTokens;

    public string Finish => _script.Finish;

    public JsonObject Usage => new()
    {
        ["prompt_tokens"] = _script.PromptTokens,
        ["completion_tokens"] = _script.Pieces.Count,
        ["total_tokens"] = _script.PromptTokens + _script.Pieces.Count,
    };

    public JsonObject Timings
    {
        get
        {
            var (prompt, promptMs) = (_script.PromptTokens, _script.PromptMilliseconds);
            var (count, countMs) = (_script.Pieces.Count, ChatScript.AnswerMilliseconds(_x.Options, _script.Pieces.Count));
            return new()
            {
                ["cache_n"] = 0,
                ["prompt_n"] = prompt,
                ["prompt_ms"] = promptMs,
                ["prompt_per_token_ms"] = promptMs / Math.Max(prompt, 1),
                ["prompt_per_second"] = promptMs > 0 ? prompt * 1000 / promptMs : 0,
                ["predicted_n"] = count,
                ["predicted_ms"] = countMs,
                ["predicted_per_token_ms"] = countMs / Math.Max(count, 1),
                ["predicted_per_second"] = countMs > 0 ? count * 1000 / countMs : 0,
            };
        }
    }

    /// <summary>The answer in one object; unfinished when the options end it early.</summary>
    public JsonObject Whole(ChatScript script, bool finished)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = script.Content };
        if (script.Reasoning.Length > 0)
            message[ReasoningField] = script.Reasoning;
        var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finished ? script.Finish : null };
        var whole = Head("chat.completion", new JsonArray(choice));
        if (_x.Options.Usage)
            whole["usage"] = Usage;
        if (GivesTimings)
            whole["timings"] = Timings;
        return whole;
    }

    private JsonObject Head(string kind, JsonArray choices) => new()
    {
        ["id"] = _id,
        ["object"] = kind,
        ["created"] = _created,
        ["model"] = _script.Ask.AnsweredName,
        ["system_fingerprint"] = _x.Kind == ServerKind.Ollama ? "fp_ollama" : "fp_fake",
        ["choices"] = choices,
    };
}
