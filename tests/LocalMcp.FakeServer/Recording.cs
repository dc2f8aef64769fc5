using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>A recorded exchange.</summary>
internal sealed record Recording(
    string Method,
    string Path,
    JsonNode? Body,
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<string> Lines)
{
    public static Recording Read(string file)
    {
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        var (request, response) = (json["request"]!, json["response"]!);
        return new Recording(
            request["method"]!.ToString(),
            request["path"]!.ToString(),
            request["body"],
            (int)response["status"]!,
            response["headers"]!.AsObject().ToDictionary(header => header.Key, header => header.Value!.ToString()),
            [.. response["lines"]!.AsArray().Select(line => line!.ToString())]);
    }

    /// <summary>The model counts most, then whether it streams, then what it says about thinking.</summary>
    public int Nearness(JsonNode? asked) => (Same(asked, "model") ? 4 : 0) + (Same(asked, "stream") ? 2 : 0) + (Same(asked, "think") ? 1 : 0);

    /// <summary>
    /// Line by line where it came in chunks. A line feed ends each, except the only line of a body whose recorded length has no room for it.
    /// </summary>
    public IEnumerable<string> Pieces()
    {
        var text = string.Join('\n', Lines);
        if (!Headers.TryGetValue("Content-Length", out var length))
            return Lines.Select(line => line + "\n");
        var missing = int.Parse(length, CultureInfo.InvariantCulture) - Encoding.UTF8.GetByteCount(text);
        return text.Length == 0 ? [] : [missing == 1 ? text + "\n" : text];
    }

    private bool Same(JsonNode? asked, string name) => Text(asked, name) == Text(Body, name);

    private static string Text(JsonNode? body, string name)
    {
        var value = (body as JsonObject)?[name]?.ToString() ?? (name == "stream" ? "true" : "");
        return name == "model" && value.Length > 0 ? OllamaNames.WithTag(value).ToUpperInvariant() : value;
    }
}
