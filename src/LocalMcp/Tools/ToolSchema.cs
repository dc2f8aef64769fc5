using System.Reflection;
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
        TransformSchemaNode = WithoutDefault,
        TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true },
    };

    /// <summary>The schema with what the attributes of the method's arguments say.</summary>
    public static JsonElement With(JsonElement schema, MethodInfo method)
    {
        var marked = method.GetParameters().Where(argument => argument.IsDefined(typeof(TextListAttribute)) || argument.IsDefined(typeof(JsonObjectAttribute))).ToList();
        if (marked.Count == 0)
            return schema;
        var all = JsonObject.Create(schema)!;
        foreach (var argument in marked)
        {
            var its = all["properties"]![argument.Name!]!.AsObject();
            var isList = argument.IsDefined(typeof(TextListAttribute));
            its["type"] = isList ? "array" : "object";
            if (isList)
                its["items"] = new JsonObject { ["type"] = "string" };
        }
        using var text = JsonDocument.Parse(all.ToJsonString());
        return text.RootElement.Clone();
    }

    /// <summary>The texts of an argument with <see cref="TextListAttribute"/>; none when it was left away.</summary>
    public static IReadOnlyList<string> Texts(JsonElement? argument) => argument switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => [],
    };

    // A default is said by the argument not being required.
    private static JsonNode WithoutDefault(AIJsonSchemaCreateContext context, JsonNode node)
    {
        (node as JsonObject)?.Remove("default");
        return node;
    }
}
