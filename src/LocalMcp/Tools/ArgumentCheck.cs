using System.Globalization;
using System.Text.Json;

namespace LocalMcp.Tools;

/// <summary>Checks the arguments of a call against the tool's own schema, so that a model that got one wrong reads which, and what is allowed.</summary>
internal static class ArgumentCheck
{
    /// <exception cref="LocalMcpException">An argument is missing, null, of the wrong type, out of range, or not one of the tool's.</exception>
    public static void Check(string tool, JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        var given = arguments ?? new Dictionary<string, JsonElement>();
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value) : [];
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToList() : [];

        foreach (var unknown in given.Keys.Where(name => !known.ContainsKey(name)))
            throw Wrong($"{tool} has no argument \"{unknown}\". {Allowed(known, required)}");
        foreach (var missing in required.Where(name => !given.ContainsKey(name)))
            throw Wrong($"{tool} needs the argument \"{missing}\" ({Describe(known[missing])}), which is missing. {Allowed(known, required)}");
        foreach (var (name, value) in given)
            CheckValue(tool, name, known[name], value, required.Contains(name));
    }

    private static void CheckValue(string tool, string name, JsonElement schema, JsonElement value, bool required)
    {
        var fits = (Text(schema, "type"), value.ValueKind) switch
        {
            ("string", JsonValueKind.String) => !(Number(schema, "minLength") is >= 1 && string.IsNullOrWhiteSpace(value.GetString())),
            ("integer", JsonValueKind.Number) => value.TryGetInt64(out var number) && !(number < Number(schema, "minimum")) && !(number > Number(schema, "maximum")),
            ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            // Models often write one text where a list is asked for, and JSON as a text.
            ("array", JsonValueKind.String) or ("object", JsonValueKind.String) => !string.IsNullOrWhiteSpace(value.GetString()),
            ("array", JsonValueKind.Array) => value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
            ("object", JsonValueKind.Object) => true,
            _ => false,
        };
        if (!fits)
            throw Wrong($"{tool}: the argument \"{name}\" is {Shown(value)}; it must be {Describe(schema)}.{(required ? "" : " Leave it away for the default.")}");
    }

    private static string Describe(JsonElement schema) => Text(schema, "type") switch
    {
        "string" => Number(schema, "minLength") is >= 1 ? "a text that is not empty" : "a text",
        "integer" when Number(schema, "minimum") is { } least && Number(schema, "maximum") is { } most =>
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least:N0} to {most:N0}"),
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "a list of texts",
        "object" => "a JSON object",
        _ => "of the type in the tool's schema",
    };

    private static string Allowed(Dictionary<string, JsonElement> known, List<string> required) => known.Count == 0
        ? "It takes no arguments."
        : $"Its arguments are: {string.Join(", ", known.Keys.Select(name => required.Contains(name) ? $"{name} (required)" : name))}.";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String when string.IsNullOrWhiteSpace(value.GetString()) => "empty",
        JsonValueKind.String => "a text",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array => "a list",
        _ => "an object",
    };

    private static string? Text(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;

    private static LocalMcpException Wrong(string message) => new(message);
}
