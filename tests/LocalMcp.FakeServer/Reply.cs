using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalMcp.FakeServer;

/// <summary>Answers in one piece, and the JSON text of the kinds.</summary>
internal static partial class Reply
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ollama escapes three harmless characters, as Go does by default. In JSON they stand nowhere but in strings.</summary>
    public static string Json(Exchange x, JsonNode node)
    {
        var json = SurrogatePair().Replace(node.ToJsonString(Plain), pair => char.ToString(Hex(pair.Groups["high"])) + Hex(pair.Groups["low"]));
        if (x.Kind != ServerKind.Ollama)
            return json;
        return json.Replace("<", @"\u003c", StringComparison.Ordinal)
            .Replace(">", @"\u003e", StringComparison.Ordinal)
            .Replace("&", @"\u0026", StringComparison.Ordinal);
    }

    public static Task OkAsync(Exchange x, JsonNode node) => JsonAsync(x, 200, node);

    public static Task JsonAsync(Exchange x, int status, JsonNode node)
    {
        var json = Json(x, node);
        if (x.Options.HalfJson && x.IsFaulty)
            json = json[..(json.Length / 2)];
        return TextAsync(x, status, json, x.Kind == ServerKind.Ollama ? "application/json; charset=utf-8" : "application/json");
    }

    public static Task TextAsync(Exchange x, int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        x.Http.Response.StatusCode = status;
        x.Http.Response.ContentType = contentType;
        x.Http.Response.ContentLength = bytes.Length;
        return x.Method == "HEAD" ? Task.CompletedTask : x.Http.Response.Body.WriteAsync(bytes, x.Gone).AsTask();
    }

    public static Task ErrorAsync(Exchange x, int status, string message, string? type = null, string? code = null) =>
        JsonAsync(x, status, ErrorShape.For(x, status, message, type, code));

    private static char Hex(Group digits) => (char)int.Parse(digits.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // The serializer escapes what is beyond the basic plane; model servers send its four bytes. An escaped backslash before a "u" is no escape.
    [GeneratedRegex(@"(?<=(?<!\\)(\\\\)*)\\u(?<high>D[89AB][0-9A-F]{2})\\u(?<low>D[C-F][0-9A-F]{2})")]
    private static partial Regex SurrogatePair();
}
