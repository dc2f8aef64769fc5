using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>Ollama's own API, page by page, and its manner of not finding one.</summary>
internal static class OllamaPages
{
    private static readonly Dictionary<string, string> Methods = new()
    {
        ["/api/version"] = "GET",
        ["/api/status"] = "GET",
        ["/api/tags"] = "GET",
        ["/api/ps"] = "GET",
        ["/api/show"] = "POST",
        ["/api/chat"] = "POST",
        ["/api/generate"] = "POST",
        ["/api/pull"] = "POST",
        ["/v1/models"] = "GET",
        ["/v1/chat/completions"] = "POST",
    };

    public static Task? Find(Exchange x) => (x.Method, x.Path) switch
    {
        ("GET" or "HEAD", "/") => Reply.TextAsync(x, 200, "Ollama is running"),
        ("GET", "/api/version") => Reply.OkAsync(x, new JsonObject { ["version"] = x.Options.OllamaVersion }),
        ("GET", "/api/status") => Reply.OkAsync(x, new JsonObject { ["cloud"] = new JsonObject { ["disabled"] = false, ["source"] = "none" } }),
        ("GET" or "HEAD", "/api/tags") => Reply.OkAsync(x, OllamaCatalog.Tags(x)),
        ("GET", "/api/ps") => Reply.OkAsync(x, OllamaCatalog.Loaded(x)),
        ("POST", "/api/show") => ShowAsync(x),
        ("POST", "/api/chat") => OllamaWire.AnswerAsync(x, isChat: true),
        ("POST", "/api/generate") => OllamaWire.AnswerAsync(x, isChat: false),
        ("POST", "/api/pull") => OllamaPull.AnswerAsync(x),
        _ => null,
    };

    public static Task NotFoundAsync(Exchange x)
    {
        if (!Methods.TryGetValue(x.Path, out var method))
            return Reply.TextAsync(x, 404, "404 page not found", "text/plain");
        x.Http.Response.Headers.Allow = method;
        return Reply.TextAsync(x, 405, "405 method not allowed", "text/plain");
    }

    /// <summary>What is wrong with a request before its model is looked up: the status and Ollama's words; null when nothing is.</summary>
    public static (int Status, string Error)? Refusal(Exchange x)
    {
        if (x.Request.Body.Length == 0)
            return (400, "missing request body");
        if (x.Body is not { } body)
            return (400, "unexpected EOF");
        var name = body["model"]?.ToString() ?? "";
        if (name.Length == 0)
            return (400, "model is required");
        return OllamaNames.IsValid(name) ? null : (400, "invalid model name");
    }

    private static Task ShowAsync(Exchange x)
    {
        if (Refusal(x) is { } refusal)
            return Reply.ErrorAsync(x, refusal.Status, refusal.Error);
        var name = x.Body!["model"]!.ToString();
        return OllamaNames.Find(x.Options.Models, name) is { } model
            ? Reply.OkAsync(x, OllamaCatalog.Show(model))
            : Reply.ErrorAsync(x, 404, $"model '{OllamaNames.WithTag(name)}' not found");
    }
}
