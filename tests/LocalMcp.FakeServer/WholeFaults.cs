using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>The faults that take the place of an answer.</summary>
internal static class WholeFaults
{
    private const string Page = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n";

    /// <summary>Delays as the options say, then either gives the wrong answer and returns true, or leaves the right one to the caller.</summary>
    public static async Task<bool> AnswerAsync(Exchange x)
    {
        if (Unauthorized(x) is { } refusal)
        {
            await Reply.JsonAsync(x, 401, refusal);
            return true;
        }

        if (!x.IsFaulty)
            return false;

        await x.DelayAsync(x.Options.DelayBeforeHeaders);
        if (x.Options.HoldBeforeHeaders)
            await x.HoldAsync();

        if (WrongAnswer(x) is not { } answer)
            return false;
        await answer;
        return true;
    }

    private static Task? WrongAnswer(Exchange x)
    {
        var options = x.Options;
        if (options.RedirectTo is { } url)
            return RedirectAsync(x, url);
        if (RefusesWhileLoading(x) && x.State.Refuses(options))
            return UnavailableAsync(x);
        if (options.Status is { } status)
        {
            return options.StatusBody is { } body
                ? Reply.TextAsync(x, status, body, "application/json")
                : Reply.ErrorAsync(x, status, options.StatusText ?? $"The server answers with {status}.");
        }

        if (options.Html)
            return Reply.TextAsync(x, 200, Page, "text/html; charset=utf-8");
        return options.UnknownShape ? Reply.OkAsync(x, new JsonObject { ["status"] = "ok", ["result"] = new JsonArray(1, 2, 3) }) : null;
    }

    // llama-server lists its model while it loads it; the others list always and refuse only to chat.
    private static bool RefusesWhileLoading(Exchange x) => x.IsChat || (x.Kind == ServerKind.LlamaServer && x.Path != "/v1/models");

    private static Task UnavailableAsync(Exchange x) => x.Kind == ServerKind.Ollama
        ? Reply.ErrorAsync(x, 503, "server busy, please try again.  maximum pending requests exceeded")
        : Reply.ErrorAsync(x, 503, "Loading model", "unavailable_error");

    private static Task RedirectAsync(Exchange x, string url)
    {
        x.Http.Response.Headers.Location = url.TrimEnd('/') + x.Path;
        return Reply.TextAsync(x, 307, "");
    }

    private static JsonObject? Unauthorized(Exchange x)
    {
        if (x.Options.ApiKey is not { } key || x.Path == "/health" || x.Request.Headers.GetValueOrDefault("Authorization") == $"Bearer {key}")
            return null;
        return x.Kind switch
        {
            ServerKind.LlamaServer => ErrorShape.For(x, 401, "Invalid API Key"),
            ServerKind.Vllm or ServerKind.Ollama => new JsonObject { ["error"] = "Unauthorized" },
            _ => ErrorShape.For(x, 401, "Incorrect API key provided.", code: "invalid_api_key"),
        };
    }
}
