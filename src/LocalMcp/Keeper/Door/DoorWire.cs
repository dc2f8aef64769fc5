using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalMcp.Keeper.Door;

/// <summary>What a door itself says in HTTP: everything but the engine's answers. Each answer ends its connection.</summary>
internal static class DoorWire
{
    /// <summary>The answer to a probe.</summary>
    public static byte[] Here(bool withBody) => Answer(200, "text/plain", withBody ? "LocalMcp\n"u8 : []);

    /// <summary>The client may send its body.</summary>
    public static ReadOnlyMemory<byte> GoOn { get; } = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    /// <summary>A list of the one model, in the words of OpenAI's API.</summary>
    /// <param name="changed">When its file was last written to, in seconds since 1970.</param>
    public static byte[] Models(string model, long changed) =>
        Answer(200, "application/json", JsonSerializer.SerializeToUtf8Bytes(new ModelList("list", [new ListedModel(model, "model", changed, "local-mcp")]), DoorJson.Default.ModelList));

    /// <summary>
    /// An error in the shape of the API that the client uses: Anthropic's under /v1/messages and for who says its version, else OpenAI's. The clients of both
    /// try again after 500 and above, unless x-should-retry says otherwise.
    /// </summary>
    /// <param name="head">Null where it could not be read.</param>
    public static byte[] Error(DoorRefusal refusal, DoorHead? head)
    {
        var kind = Kind(refusal.Status);
        var body = IsAnthropic(head)
            ? JsonSerializer.SerializeToUtf8Bytes(new AnthropicError("error", new AnthropicDetail(kind, refusal.Message)), DoorJson.Default.AnthropicError)
            : JsonSerializer.SerializeToUtf8Bytes(new OpenAiError(new OpenAiDetail(refusal.Message, kind, null, refusal.Status)), DoorJson.Default.OpenAiError);
        return Answer(refusal.Status, "application/json", head?.Method == "HEAD" ? [] : body, refusal.MayComeAgain ? "true" : "false");
    }

    private static bool IsAnthropic(DoorHead? head) =>
        head is not null && (head.Path.StartsWith("/v1/messages", StringComparison.Ordinal) || (!head.Path.StartsWith("/v1/", StringComparison.Ordinal) && head["anthropic-version"] is not null));

    // Anthropic's names; OpenAI's API has no fixed list.
    private static string Kind(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 or 405 => "not_found_error",
        413 => "request_too_large",
        503 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        417 => "Expectation Failed",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Error",
    };

    private static byte[] Answer(int status, string type, ReadOnlySpan<byte> body, string? again = null)
    {
        var retry = again is null ? "" : $"x-should-retry: {again}\r\n";
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status} {Reason(status)}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{retry}Cache-Control: no-store\r\nConnection: close\r\n\r\n"), .. body];
    }

    internal sealed record AnthropicError(string Type, AnthropicDetail Error);

    internal sealed record AnthropicDetail(string Type, string Message);

    internal sealed record OpenAiError(OpenAiDetail Error);

    internal sealed record OpenAiDetail(string Message, string Type, string? Param, int Code);

    internal sealed record ModelList(string Object, IReadOnlyList<ListedModel> Data);

    internal sealed record ListedModel(string Id, string Object, long Created, string OwnedBy);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DoorWire.AnthropicError))]
[JsonSerializable(typeof(DoorWire.OpenAiError))]
[JsonSerializable(typeof(DoorWire.ModelList))]
internal sealed partial class DoorJson : JsonSerializerContext;
