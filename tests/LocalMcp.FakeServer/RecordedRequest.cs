using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>A request as it arrived, and what became of it.</summary>
public sealed class RecordedRequest
{
    public required string Method { get; init; }

    /// <summary>Without the query.</summary>
    public required string Path { get; init; }

    public required string Query { get; init; }

    /// <summary>Names are matched without regard to case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>Its response waits at a gate right now.</summary>
    public bool Held { get; internal set; }

    /// <summary>The client closed the connection before the response had ended.</summary>
    public bool Aborted { get; internal set; }

    /// <summary>The server is done with it, in whatever way.</summary>
    public bool Ended { get; internal set; }

    /// <summary>The body as JSON, or null where it is none.</summary>
    public JsonNode? Json()
    {
        try
        {
            return Body.Length == 0 ? null : JsonNode.Parse(Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => $"{Method} {Path}{Query}";
}
