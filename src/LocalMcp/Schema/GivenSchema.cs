using System.Text.Json;
using LocalMcp.Workspace;

namespace LocalMcp.Schema;

/// <summary>Reads the argument that holds a schema. Models send it as an object or as a text.</summary>
internal static class GivenSchema
{
    // It becomes a part of the prompt: more than this is no schema that somebody wrote for an answer.
    private const int Longest = 100_000;

    public static JsonElement Read(JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.String => Read(given.GetString()!),
        JsonValueKind.Object or JsonValueKind.True => Read(given.GetRawText()),
        _ => throw Unusable($"is {JsonWords.Kind(given)}"),
    };

    public static JsonElement Read(string text)
    {
        if (text.Length > Longest)
            throw Unusable($"has {text.Length:N0} characters, and {Longest:N0} are the most");
        if (!StrictJson.TryParse(text.Trim(), out var json, out var trouble))
            throw Unusable($"holds no valid JSON ({trouble})");
        return json.ValueKind is JsonValueKind.Object or JsonValueKind.True ? json : throw Unusable($"is {JsonWords.Kind(json)}");
    }

    private static LocalMcpException Unusable(string why) =>
        new($"json_schema {ShownText.Of(why)}. Send a JSON Schema as a JSON object, for example {{\"type\":\"object\",\"properties\":{{\"name\":{{\"type\":\"string\"}}}},\"required\":[\"name\"]}}.");
}
