using System.Text.Json.Nodes;

namespace LocalMcp.Faults.Sessions;

/// <summary>How a client of its time speaks.</summary>
internal abstract record Era(string Version)
{
    /// <summary>With a handshake; the server asks for roots in the middle of a call.</summary>
    /// <param name="NamesRoots">Whether it can be asked for them.</param>
    /// <param name="AnswersRoots">Whether it answers then.</param>
    public sealed record Handshake(bool NamesRoots, bool AnswersRoots) : Era("2025-11-25");

    /// <summary>Without one: every request says who sends it, and one that needs roots is sent again with them.</summary>
    public sealed record EachByItself(bool NamesRoots) : Era("2026-07-28");

    public bool HasRoots => this is Handshake { NamesRoots: true } or EachByItself { NamesRoots: true };

    /// <summary>What a client of this time says of itself.</summary>
    public JsonObject Capabilities() => HasRoots ? new JsonObject { ["roots"] = new JsonObject() } : [];

    /// <summary>What goes with every request.</summary>
    public JsonObject Meta(int id)
    {
        var meta = new JsonObject { ["progressToken"] = id };
        if (this is EachByItself)
        {
            meta["io.modelcontextprotocol/protocolVersion"] = Version;
            meta["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "faults", ["version"] = "1" };
            meta["io.modelcontextprotocol/clientCapabilities"] = Capabilities();
        }
        return meta;
    }
}
