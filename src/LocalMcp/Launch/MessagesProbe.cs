using System.Net;
using System.Text.Json;
using LocalMcp.Backends;

namespace LocalMcp.Launch;

/// <summary>
/// Whether a server speaks Claude's Messages API, by what it says to an empty request: one that does complains of what is missing, and one that does not has no such page. A model
/// is not asked. Seen: llama-server answers 500 "'messages' is required", Ollama 400 with an error of that API, older ones 404; LM Studio answers 200 with an error about the
/// endpoint where it has none.
/// </summary>
internal static class MessagesProbe
{
    public const string Path = "v1/messages";

    /// <summary>Asks.</summary>
    /// <param name="server">With the server's root.</param>
    /// <exception cref="BackendException">It cannot be asked, or wants a key.</exception>
    public static async Task<bool> AskAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        var reply = await server.PostAsync(Path, "{}"u8.ToArray(), cancellationToken);
        return reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ServiceUnavailable
            ? throw server.Refusal(reply.Status, reply.Body)
            : Speaks(reply.Status, reply.Body);
    }

    /// <summary>Judges the answer to an empty request. Pure.</summary>
    public static bool Speaks(HttpStatusCode status, string body) => TypeOf(body) is "error" or "message"
        || status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity || (status is HttpStatusCode.InternalServerError && body.Contains("messages", StringComparison.Ordinal));

    private static string? TypeOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("type", out var type) ? JsonText.Of(type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
