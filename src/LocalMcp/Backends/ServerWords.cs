using System.Text.Json;
using LocalMcp.Chat.Budget;

namespace LocalMcp.Backends;

/// <summary>Finds the sentence in a server's error body, whichever of the usual shapes it has.</summary>
internal static class ServerWords
{
    private const int Longest = 300;

    /// <summary>
    /// The server's own words: <c>{"error":"…"}</c>, <c>{"error":{"message":"…"}}</c>, <c>{"message":"…"}</c>, <c>{"detail":"…"}</c>, or the text itself.
    /// Ollama passes its engine's JSON on as a string inside <c>error</c>: that is opened too. Empty when there is nothing fit to be quoted.
    /// </summary>
    public static string From(string body)
    {
        try
        {
            if (Parse(body) is { } json)
                return Shorten(Sentence(json) ?? "");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: no text can be made of it.
            return "";
        }
        var text = body.Trim();
        return text.StartsWith('<') ? "" : Shorten(text);
    }

    /// <summary>That the prompt was too long, where the body says so: in llama-server's typed <c>exceed_context_size_error</c>, or in words; else null.</summary>
    public static Overflow? Overflow(string body) => Typed(body) ?? OverflowWords.In(From(body));

    private static Overflow? Typed(string body)
    {
        if (Parse(body) is not { } json || Property(json, "error") is not { } error)
            return null;
        if (error.ValueKind == JsonValueKind.String)
            return JsonText.Of(error) is { } inner ? Typed(inner) : null;
        return Property(error, "n_prompt_tokens") is { } prompt && prompt.ValueKind == JsonValueKind.Number && prompt.TryGetInt32(out var tokens) && Property(error, "n_ctx") is { } context && context.ValueKind == JsonValueKind.Number && context.TryGetInt32(out var length)
            ? new Overflow(TokenCount.Exact(tokens), length)
            : null;
    }

    /// <summary>Whether a server says that its queue is full. Ollama: "server busy, please try again.  maximum pending requests exceeded".</summary>
    public static bool IsBusy(string words) => Array.Exists(["busy", "pending requests", "queue is full", "overloaded"], word => words.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>One line of at most 300 characters, as <see cref="PlainText"/>.</summary>
    public static string Shorten(string text)
    {
        var line = PlainText.Of(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return line.Length <= Longest ? line : string.Concat(line.AsSpan(0, Longest), "…");
    }

    private static string? Sentence(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Parse(json.GetString()!) is { ValueKind: JsonValueKind.Object } inner ? Sentence(inner) : json.GetString(),
        JsonValueKind.Object => Property(json, "error") is { } error ? Sentence(error) : TextOf(json, "message") ?? TextOf(json, "detail"),
        _ => null,
    };

    private static string? TextOf(JsonElement json, string name) => Property(json, name) is { } value ? Sentence(value) ?? value.GetRawText() : null;

    private static JsonElement? Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement? Parse(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
            return null;
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
