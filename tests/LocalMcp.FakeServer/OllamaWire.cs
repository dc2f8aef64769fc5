using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>POST /api/chat and /api/generate: checks in Ollama's order and words, loading, unloading, the answer.</summary>
internal static class OllamaWire
{
    public static async Task AnswerAsync(Exchange x, bool isChat)
    {
        if (Refusal(x, out var keepAlive) is { } refusal)
        {
            await Reply.ErrorAsync(x, refusal.Status, refusal.Error);
            return;
        }

        var body = x.Body!;
        var name = body["model"]!.ToString();
        var model = OllamaNames.Find(x.Options.Models, name)!;
        var messages = isChat ? body["messages"] as JsonArray ?? [] : Prompt(body);
        var limit = JsonRead.Number(body["options"]?["num_predict"]);
        var (thinkingOff, stream) = (JsonRead.IsFalse(body["think"]), !JsonRead.IsFalse(body["stream"]));
        var ask = new ChatAsk(model, name, x.Options.AnsweredModel ?? name, messages, limit, thinkingOff, stream);

        if (messages.Count == 0)
            await LoadAsync(x, new OllamaLines(x, ChatScript.For(x.Options, ask), isChat, 0), keepAlive);
        else if (x.Options.ExceedsContext)
            await TooLongAsync(x, ChatScript.For(x.Options, ask));
        else
            await ChatAsync(x, ask, isChat, keepAlive);
    }

    private static async Task ChatAsync(Exchange x, ChatAsk ask, bool isChat, TimeSpan keepAlive)
    {
        // Loading is counted in the answer's load_duration: some 250 ms, or next to nothing.
        var loadMs = x.State.Loaded(ask.Model)?.Context == WantedContext(x, ask.Model) ? 1.4 : 250;
        Load(x, ask.Model, keepAlive);
        var script = ChatScript.For(x.Options, ask);
        var lines = new OllamaLines(x, script, isChat, loadMs);
        if (ask.Stream && !x.Options.NonStreaming && !(x.Options.HalfJson && x.IsFaulty))
            await new StreamPlayer(x, new OllamaStream(x, lines)).PlayAsync(script.Pieces);
        else
            await WholePlayer.PlayAsync(x, script, lines.Whole);

        if (keepAlive == TimeSpan.Zero)
            x.State.Unload(ask.Model);
    }

    private static Task LoadAsync(Exchange x, OllamaLines lines, TimeSpan keepAlive)
    {
        if (keepAlive == TimeSpan.Zero)
            x.State.Unload(lines.Model);
        else
            Load(x, lines.Model, keepAlive);
        return Reply.OkAsync(x, lines.Loading(keepAlive == TimeSpan.Zero ? "unload" : "load"));
    }

    private static void Load(Exchange x, FakeModel model, TimeSpan keepAlive)
    {
        if (model.RemoteHost is null)
            x.State.Load(model, WantedContext(x, model), x.Now + keepAlive);
    }

    private static int WantedContext(Exchange x, FakeModel model) =>
        Math.Min(JsonRead.Number(x.Body!["options"]?["num_ctx"]) ?? model.Served(ServerKind.Ollama), model.ContextLength);

    private static Task TooLongAsync(Exchange x, ChatScript script) =>
        Reply.ErrorAsync(x, 400, Reply.Json(x, ErrorShape.TooLongTyped(script.PromptTokens, WantedContext(x, script.Ask.Model))));

    private static (int Status, string Error)? Refusal(Exchange x, out TimeSpan keepAlive)
    {
        keepAlive = OllamaKeepAlive.Default;
        if (OllamaPages.Refusal(x) is { } refusal)
            return refusal;

        var body = x.Body!;
        if (OllamaKeepAlive.Parse(body["keep_alive"], out var wrong) is not { } duration)
            return (400, wrong);
        keepAlive = duration;
        if (body["think"] is { } think && think.GetValueKind() is JsonValueKind.String && think.ToString() is not ("high" or "medium" or "low" or "max"))
            return (400, $"invalid think value: \"{think}\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)");

        var name = body["model"]!.ToString();
        if (OllamaNames.Find(x.Options.Models, name) is not { } model)
            return (404, $"model '{name}' not found");
        return WrongOption(body["options"]) ?? Incapable(body, model, name) ?? WrongFormat(x, body["format"]);
    }

    private static (int Status, string Error)? WrongOption(JsonNode? options)
    {
        foreach (var option in new[] { "num_ctx", "num_predict" })
        {
            if (options?[option] is { } value && value.GetValueKind() != JsonValueKind.Number)
                return (500, $"option \"{option}\" must be of type integer");
        }

        return null;
    }

    private static (int Status, string Error)? WrongFormat(Exchange x, JsonNode? format) => format switch
    {
        null => null,
        _ when x.Options.RefusesSchema is { } words => (500, words),
        JsonObject => null,
        _ when format.GetValueKind() == JsonValueKind.String && format.ToString() is ("json" or "") => null,
        _ => (500, $"invalid format: \"{format.ToJsonString().Replace("\"", "\\\"", StringComparison.Ordinal)}\"; expected \"json\" or a valid JSON Schema object"),
    };

    private static (int Status, string Error)? Incapable(JsonObject body, FakeModel model, string name)
    {
        if (!model.CanChat)
            return (400, $"\"{name}\" does not support {(body.ContainsKey("messages") ? "chat" : "generate")}");
        var wantsThinking = body["think"] is { } think && !JsonRead.IsFalse(think);
        return wantsThinking && !model.CanThink ? (400, $"\"{name}\" does not support thinking") : null;
    }

    private static JsonArray Prompt(JsonObject body)
    {
        var prompt = body["prompt"]?.ToString() ?? "";
        return prompt.Length == 0 ? [] : new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt });
    }
}
