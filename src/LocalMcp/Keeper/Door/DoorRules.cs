using System.Security.Cryptography;
using System.Text;

namespace LocalMcp.Keeper.Door;

/// <summary>What a request to a door is for.</summary>
internal enum DoorAim
{
    /// <summary>Whether anybody is there.</summary>
    Probe,

    /// <summary>Which model is there: answered here, so that a list in an editor does not load one.</summary>
    Models,

    /// <summary>An answer of the model.</summary>
    Generate,

    /// <summary>How many tokens a prompt has: the model has to be in memory, and takes no slot for it.</summary>
    Count,
}

/// <summary>Who may come through a door, and where to. Everything that is not listed is refused: the engine has more paths than are meant for others.</summary>
internal static class DoorRules
{
    private static readonly Dictionary<string, (string Method, DoorAim Aim)> Paths = new()
    {
        ["/v1/messages"] = ("POST", DoorAim.Generate),
        ["/v1/messages/count_tokens"] = ("POST", DoorAim.Count),
        ["/v1/chat/completions"] = ("POST", DoorAim.Generate),
        ["/v1/completions"] = ("POST", DoorAim.Generate),
        ["/v1/models"] = ("GET", DoorAim.Models),
    };

    /// <summary>Decides.</summary>
    /// <param name="port">Where the door listens.</param>
    /// <exception cref="DoorRefusal">The request may not come through.</exception>
    public static DoorAim Aim(DoorHead head, int port, string key)
    {
        // A page in a browser can lead its own name to this address; what the browser then calls us gives it away.
        if (head["host"] is not { } host || !IsHere(host, port))
            throw new DoorRefusal(403, $"The request's host is not 127.0.0.1:{port} or localhost:{port}, so it is refused: a page in a browser may have led another name here.");
        if (head.Fields.Any(field => field.Name == "origin"))
            throw new DoorRefusal(403, "The request comes from a page in a browser (it says an origin), and those are refused.");
        if (head is { Path: "/", Method: "GET" or "HEAD" })
            return DoorAim.Probe;
        if (!HasKey(head, key))
            throw new DoorRefusal(401, "The request has not the key of this door. It goes into \"Authorization: Bearer …\" or \"x-api-key: …\"; `local-mcp env` prints it.");
        if (!Paths.TryGetValue(head.Path, out var known))
            throw new DoorRefusal(404, $"LocalMcp has no such path here. There are {string.Join(", ", Paths.Keys)}.");
        if (head.Method != known.Method)
            throw new DoorRefusal(405, $"{head.Path} takes {known.Method}, and nothing else.");
        return known.Aim;
    }

    private static bool IsHere(string host, int port) =>
        host == $"127.0.0.1:{port}" || host.Equals($"localhost:{port}", StringComparison.OrdinalIgnoreCase);

    private static bool HasKey(DoorHead head, string key)
    {
        const string Bearer = "Bearer ";
        var bearer = head["authorization"] is { } said && said.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? said[Bearer.Length..].Trim(' ') : "";
        // Both are compared in any case, and each in a time that does not depend on where they differ.
        return Is(bearer, key) | Is(head["x-api-key"] ?? "", key);
    }

    private static bool Is(string said, string key) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.Latin1.GetBytes(said)), SHA256.HashData(Encoding.Latin1.GetBytes(key)));
}
