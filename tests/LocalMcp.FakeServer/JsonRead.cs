using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>Values of a request that may be of any type.</summary>
internal static class JsonRead
{
    public static bool IsTrue(JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;

    public static bool IsFalse(JsonNode? node) => node?.GetValueKind() == JsonValueKind.False;

    public static int? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? (int)node.AsValue().GetValue<double>() : null;
}
