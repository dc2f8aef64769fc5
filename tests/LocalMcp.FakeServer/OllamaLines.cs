using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>The JSON lines of one answer on Ollama's wire, in the form of /api/chat or of /api/generate.</summary>
internal sealed class OllamaLines(Exchange x, ChatScript script, bool isChat, double loadMs)
{
    public FakeModel Model => script.Ask.Model;

    public JsonObject Chunk(Piece piece)
    {
        var line = piece.IsReasoning ? Line("", piece.Text) : Line(piece.Text, "");
        line["done"] = false;
        return line;
    }

    public JsonObject Last() => Done(Line("", ""), script);

    /// <summary>The answer in one object; cut short it has neither reason nor counts.</summary>
    public JsonObject Whole(ChatScript said, bool finished)
    {
        var line = Line(said.Content, said.Reasoning);
        if (finished)
            return Done(line, said);
        line["done"] = false;
        return line;
    }

    public JsonObject Loading(string reason)
    {
        var line = Line("", "");
        line["done"] = true;
        line["done_reason"] = reason;
        return line;
    }

    private JsonObject Done(JsonObject line, ChatScript said)
    {
        line["done"] = true;
        line["done_reason"] = said.Finish;
        if (!isChat)
            line["context"] = new JsonArray(258, 117, 259);
        var answerMs = ChatScript.AnswerMilliseconds(x.Options, said.Pieces.Count);
        line["total_duration"] = Nanoseconds(loadMs + said.PromptMilliseconds + answerMs);
        line["load_duration"] = Nanoseconds(loadMs);
        if (!x.Options.Usage)
            return line;
        line["prompt_eval_count"] = said.PromptTokens;
        line["prompt_eval_duration"] = Nanoseconds(said.PromptMilliseconds);
        line["eval_count"] = said.Pieces.Count;
        line["eval_duration"] = Nanoseconds(answerMs);
        return line;
    }

    private JsonObject Line(string content, string thinking)
    {
        var line = new JsonObject { ["model"] = script.Ask.AnsweredName };
        if (Model.RemoteHost is not null)
            (line["remote_model"], line["remote_host"]) = (Model.Name, Model.RemoteHost);
        line["created_at"] = x.NowText;
        var said = isChat ? new JsonObject { ["role"] = "assistant", ["content"] = content } : line;
        if (isChat)
            line["message"] = said;
        else
            line["response"] = content;
        if (thinking.Length > 0)
            said[ThinkingField] = thinking;
        return line;
    }

    private string ThinkingField => x.Options.ReasoningForm switch
    {
        ReasoningForm.ReasoningContent => "reasoning_content",
        ReasoningForm.Reasoning => "reasoning",
        _ => "thinking",
    };

    private static long Nanoseconds(double milliseconds) => (long)(milliseconds * 1e6);
}

/// <summary>Ollama's stream: one JSON object per line, headers with the first.</summary>
internal sealed class OllamaStream(Exchange x, OllamaLines lines) : StreamShape
{
    public override string ContentType => "application/x-ndjson";

    public override bool HeadersAtOnce => false;

    public override string Garbage => "{\"model\":\"x\",\"created_at\":\"2026-11-21T03:2\n";

    public override string Chunk(Piece piece) => Reply.Json(x, lines.Chunk(piece)) + "\n";

    public override string Error(string text) => Reply.Json(x, new JsonObject { ["error"] = text }) + "\n";

    public override IEnumerable<string> Ending() => [Reply.Json(x, lines.Last()) + "\n"];
}
