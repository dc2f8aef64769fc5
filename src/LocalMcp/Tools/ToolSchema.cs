using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LocalMcp.Tools;

/// <summary>An argument that takes a list of texts; a single text is taken for a list of one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class TextListAttribute : Attribute;

/// <summary>An argument that takes a JSON object; a text that holds one is taken, too.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class JsonObjectAttribute : Attribute;

/// <summary>How a tool's arguments are described to a client: in as few characters as say it, for every session pays for them.</summary>
internal static class ToolSchema
{
    public static AIJsonSchemaCreateOptions Options { get; } = new()
    {
        TransformSchemaNode = Shape,
        TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true },
    };

    /// <summary>The texts of an argument with <see cref="TextListAttribute"/>; none when it was left away.</summary>
    public static IReadOnlyList<string> Texts(JsonElement? argument) => argument switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => [],
    };

    // A default is said by the argument not being required.
    private static JsonNode Shape(AIJsonSchemaCreateContext context, JsonNode node)
    {
        var schema = node as JsonObject;
        if (context.GetCustomAttribute<TextListAttribute>() is not null)
        {
            schema = Described(schema, "array");
            schema["items"] = new JsonObject { ["type"] = "string" };
        }
        else if (context.GetCustomAttribute<JsonObjectAttribute>() is not null)
        {
            schema = Described(schema, "object");
        }
        schema?.Remove("default");
        return schema ?? node;
    }

    private static JsonObject Described(JsonObject? schema, string type)
    {
        schema ??= [];
        schema["type"] = type;
        return schema;
    }
}
