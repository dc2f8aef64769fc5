using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>The keywords of one schema object, each read as what it must be.</summary>
/// <param name="location">Where the schema is in the document, as a JSON pointer.</param>
internal sealed class Keywords(JsonElement json, string location, Draft draft)
{
    // Keywords that the drafts do not share. Each draft ignores those of the others, as the specification says of unknown keywords; dependencies, which
    // it lets newer drafts keep, are kept.
    private static readonly HashSet<string> Since2019 = ["$anchor", "dependentRequired", "dependentSchemas", "minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties"];
    private static readonly HashSet<string> Since2020 = ["prefixItems", "$dynamicRef", "$dynamicAnchor"];
    private static readonly HashSet<string> Until2019 = ["additionalItems"];

    public string Location => location;

    /// <summary>The keyword's value; null when it is not there.</summary>
    public JsonElement? Get(string name) => IsKnown(name) && json.TryGetProperty(name, out var value) ? value : null;

    public string At(string name) => $"{location}/{Place.Escape(name)}";

    public string? Text(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        var other => throw Bad(name, "must be a string", other),
    };

    /// <summary>A count, 0 or more; what is beyond all counts is the largest of them.</summary>
    public int? Count(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when ExactNumber.Parse(number.GetRawText()) is { IsInteger: true } count && (count.IsPositive || count.Whole == 0) => (int)Math.Min(count.Whole ?? int.MaxValue, int.MaxValue),
        var other => throw Bad(name, "must be a whole number, 0 or more", other),
    };

    public (string Text, ExactNumber Value)? Number(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when ExactNumber.Parse(number.GetRawText()) is { } value => (number.GetRawText(), value),
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag when name.StartsWith("exclusive", StringComparison.Ordinal) => throw Bad(name, "must be a number (true and false are draft-04)", flag),
        var other => throw Bad(name, "must be a number", other),
    };

    public bool Flag(string name) => Get(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Bad(name, "must be true or false", Get(name)),
    };

    public IReadOnlyList<string>? Names(string name) => Get(name) is { } list ? Names(name, list) : null;

    public IReadOnlyList<string> Names(string name, JsonElement list) => list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
        ? [.. list.EnumerateArray().Select(item => item.GetString()!).Distinct(StringComparer.Ordinal)]
        : throw Bad(name, name == "required" ? "must be a list of names, beside \"properties\"" : "must be a list of names", list);

    public IReadOnlyList<JsonElement>? List(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        var other => throw Bad(name, "must be a list", other),
    };

    /// <summary>The properties of an object; none when the keyword is not there.</summary>
    public IReadOnlyList<JsonProperty> Map(string name) => Get(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Object } map => [.. map.EnumerateObject()],
        var other => throw Bad(name, "must be an object", other),
    };

    public JsonTypes? Types() => Get("type") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } one => Type(one),
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 => list.EnumerateArray().Select(Type).Aggregate((all, one) => all | one),
        var other => throw Bad("type", $"must be one of {JsonTypeNames.Names}, or a list of them", other),
    };

    /// <summary>The refusal of a keyword's value.</summary>
    public LocalMcpException Bad(string name, string expected, JsonElement? found = null) => SchemaReader.Refusal(At(name), found is { } value ? $"{expected}, is {JsonWords.Value(value)}" : expected);

    private JsonTypes Type(JsonElement type) =>
        (type.ValueKind == JsonValueKind.String ? JsonTypeNames.Named(type.GetString()!) : null) ?? throw Bad("type", $"must be one of {JsonTypeNames.Names}, or a list of them", type);

    private bool IsKnown(string name) => draft switch
    {
        Draft.Seven => !Since2019.Contains(name) && !Since2020.Contains(name),
        Draft.Of2019 => !Since2020.Contains(name),
        Draft.Of2020 => !Until2019.Contains(name),
        _ => true,
    };
}
