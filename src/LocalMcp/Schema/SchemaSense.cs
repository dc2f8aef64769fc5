using System.Text.Json;

namespace LocalMcp.Schema;

/// <summary>
/// Tells a schema from an object that is none. By the specification unknown keywords are ignored, and then an example of the wanted answer, or a
/// schema in the wrapping of some API, would let everything pass.
/// </summary>
internal static class SchemaSense
{
    // Every keyword of the drafts that are known here.
    private static readonly HashSet<string> Known =
    [
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$ref", "$dynamicRef", "$recursiveRef", "$defs", "$comment", "$vocabulary", "definitions",
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
        "items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems",
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties", "maxProperties", "unevaluatedProperties",
        "dependentRequired", "dependentSchemas", "dependencies", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
        "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "format", "contentEncoding", "contentMediaType", "contentSchema",
    ];

    /// <exception cref="LocalMcpException">It has properties, and not one of them is a keyword.</exception>
    public static void Check(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any() || json.EnumerateObject().Any(property => Known.Contains(property.Name)))
            return;
        var names = JsonWords.Short(string.Join(", ", json.EnumerateObject().Select(property => property.Name)));
        throw SchemaReader.Refusal("", json.TryGetProperty("schema", out _) || json.TryGetProperty("json_schema", out _)
            ? $"has no keyword of JSON Schema, only {names}: send the schema itself, without what is around it"
            : $"has no keyword of JSON Schema, only {names}: send a schema such as {{\"type\":\"object\",\"properties\":{{…}}}}, not an example of the answer");
    }
}
