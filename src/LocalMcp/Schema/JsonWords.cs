using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>JSON values in words, short enough for a sentence.</summary>
internal static class JsonWords
{
    private const int Longest = 60;

    /// <summary>The kind of a value: "an object", "a text" …</summary>
    public static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    /// <summary>The value itself where it is simple, its beginning where it is long, and the kind of an object or array.</summary>
    public static string Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.GetArrayLength() is 0 ? "an empty array" : "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => Short(JsonLine.Of(json)),
        _ => Short(json.GetRawText()),
    };

    /// <summary>Values one after the other, as many as go into some 300 characters.</summary>
    public static string List(IEnumerable<JsonElement> values)
    {
        List<string> words = [];
        foreach (var value in values)
        {
            if (words.Sum(word => word.Length + 2) > 5 * Longest)
                return $"{string.Join(", ", words)} …";
            words.Add(Short(JsonLine.Of(value)));
        }
        return string.Join(", ", words);
    }

    public static string Short(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest), "…");
}
