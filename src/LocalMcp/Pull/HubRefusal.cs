using LocalMcp.Backends;

namespace LocalMcp.Pull;

/// <summary>What a refusal of Hugging Face means. A repository that is missing, private or gated gets the same 401 where no token is sent.</summary>
internal sealed class HubRefusal(string message) : LocalMcpException(message)
{
    /// <summary>Whether there may be no such repository.</summary>
    public bool MayBeMissing { get; private init; }

    public static HubRefusal Of(HubConnection hub, HubReply reply, string body, string id)
    {
        var (code, words) = (reply.Said("X-Error-Code"), hub.Address.WithoutToken(Words(reply, body)));
        return (code, reply.Status) switch
        {
            ("GatedRepo", _) => new($"{id} is gated: its owner wants its terms accepted ({Status(reply, words)}). Accept them at {hub.Address.Root}{id}, {Token(hub, "with the account of your token")}."),
            (_, 401) when hub.Address.HasToken && words.Contains("credentials", StringComparison.OrdinalIgnoreCase) =>
                new($"{hub.Label} does not take the token ({Status(reply, words)}). Make a new one at {hub.Address.Root}settings/tokens, or unset HF_TOKEN: most models need none."),
            ("RevisionNotFound", _) => new($"{id} has no such revision ({Status(reply, words)})."),
            ("EntryNotFound", _) => new($"{id} has no such file any more ({Status(reply, words)}). The same command looks again."),
            ("RepoNotFound", _) or (_, 401 or 404) => new($"{hub.Label} has no repository {id}, or does not show it ({Status(reply, words)}). If it is private or gated, {Token(hub, "use the token of an account that may see it")}.") { MayBeMissing = true },
            (_, 403) => new($"{hub.Label} refuses access to {id} ({Status(reply, words)}). See {hub.Address.Root}{id}, {Token(hub, "and what your token is allowed")}."),
            _ => new($"{hub.Label} answered {Status(reply, words)} for {id}. Try again later, and check HF_ENDPOINT if it is set."),
        };
    }

    // For a terminal: a control character in them could move its cursor.
    private static string Words(HubReply reply, string body) =>
        string.Concat((reply.Said("X-Error-Message") is { Length: > 0 } said ? ServerWords.Shorten(said) : ServerWords.From(body)).Where(c => !char.IsControl(c)));

    private static string Status(HubReply reply, string words) => words.Length == 0 ? $"{reply.Status}" : $"{reply.Status}: \"{words}\"";

    private static string Token(HubConnection hub, string withOne) => hub.Address.HasToken ? withOne
        : hub.Address.TokenIsWithheld ? "use an endpoint with https: over http the token is not sent"
        : "set HF_TOKEN to a token of yours";
}
