using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>Types of JSON values as a schema tells them apart: 1.0 is an integer.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,

    /// <summary>A number that is no integer.</summary>
    Fraction = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Number = Integer | Fraction,
    Any = Null | Boolean | Number | String | Array | Object,
}

/// <summary>Names of types, and types of values.</summary>
internal static class JsonTypeNames
{
    private static readonly (string Name, JsonTypes Type, string Words)[] All =
    [
        ("object", JsonTypes.Object, "an object"),
        ("array", JsonTypes.Array, "an array"),
        ("string", JsonTypes.String, "a string"),
        ("number", JsonTypes.Number, "a number"),
        ("integer", JsonTypes.Integer, "an integer"),
        ("boolean", JsonTypes.Boolean, "true or false"),
        ("null", JsonTypes.Null, "null"),
    ];

    /// <summary>All names, for a sentence.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(one => $"\"{one.Name}\""));

    /// <summary>The types that a schema means by a name; null when there is no such name.</summary>
    public static JsonTypes? Named(string name) => All.FirstOrDefault(one => one.Name == name) is { Type: not JsonTypes.None and var type } ? type : null;

    /// <summary>The type of a value, exactly one.</summary>
    public static JsonTypes Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Number => ExactNumber.Parse(json.GetRawText()) is { IsInteger: false } ? JsonTypes.Fraction : JsonTypes.Integer,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        _ => JsonTypes.Null,
    };

    /// <summary>The names that a set of types is written with in a schema.</summary>
    public static IReadOnlyList<string> NamesOf(JsonTypes types) => [.. Parts(types).Select(one => one.Name)];

    /// <summary>"a string", "an integer or null" …</summary>
    public static string Words(JsonTypes types) => string.Join(" or ", Parts(types).Select(one => one.Words));

    private static IEnumerable<(string Name, string Words)> Parts(JsonTypes types) =>
        All.Where(one => types.HasFlag(one.Type) && !(one.Type == JsonTypes.Integer && types.HasFlag(JsonTypes.Fraction))).Select(one => (one.Name, one.Words));
}
