using System.Globalization;

namespace LocalMcp.Launch;

/// <summary>
/// The environment in which Claude Code works on a local model. Pure. What each variable does was seen with client 2.1.329 in November 2026
/// (docs/claude-on-local.md); nothing is set that had no effect there.
/// </summary>
internal static class ClaudeEnvironment
{
    private static readonly string[] Tiers = ["FABLE", "OPUS", "SONNET", "HAIKU"];

    private static readonly (string Name, string Why)[] TakenAway =
    [
        ("ANTHROPIC_API_KEY", "your real key, which the client would send along with the other one"),
        ("ANTHROPIC_CUSTOM_HEADERS", "headers for another server, which may hold keys"),
        ("ANTHROPIC_UNIX_SOCKET", "all requests would go there instead"),
        ("ANTHROPIC_SMALL_FAST_MODEL", "would take small requests away from the local model"),
        ("CLAUDE_CODE_USE_BEDROCK", "would send everything to a cloud"),
        ("CLAUDE_CODE_USE_VERTEX", "the same"),
        ("CLAUDE_CODE_USE_FOUNDRY", "the same"),
        ("CLAUDE_CODE_USE_MANTLE", "the same"),
        ("CLAUDE_CODE_USE_ANTHROPIC_AWS", "the same"),
        ("CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD", "the same"),
        ("CLAUDE_CODE_USE_GATEWAY", "would have the client ask a gateway's way"),
    ];

    /// <summary>What is set, then what is taken away.</summary>
    /// <param name="noProxy">The hosts that the user's environment excepts from a proxy, as NO_PROXY has them; empty without any.</param>
    public static IReadOnlyList<Variable> Of(LocalServer server, string noProxy) =>
    [
        new("ANTHROPIC_BASE_URL", server.Root, "where the local model is"),
        new("ANTHROPIC_AUTH_TOKEN", server.Sent, "the key of that server alone; with one, the client does not use its sign-in"),
        .. Models(server.Model),
        .. Context(server),
        new("CLAUDE_CODE_ATTRIBUTION_HEADER", "0", "a line before the prompt that changes: with it the server reads everything anew"),
        new("CLAUDE_CODE_TOTAL_TOKENS_REMINDER", "off", "the same, where a server moves it to the front"),
        new("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1", "no telemetry and no updates, and no questions to this server that it does not know"),
        new("API_TIMEOUT_MS", "3600000", "an hour for one answer in place of ten minutes: a long prompt takes its time"),
        new("CLAUDE_STREAM_IDLE_TIMEOUT_MS", "1800000", "half an hour of silence in place of five minutes"),
        new("NO_PROXY", Except(server.Url, noProxy), "the client would ask for this server through your proxy"),
        new("no_proxy", Except(server.Url, noProxy), "the same; this spelling wins"),
        .. TakenAway.Select(variable => new Variable(variable.Name, null, variable.Why)),
    ];

    // Every name under which the client would ask for another model than the one that is there.
    private static IEnumerable<Variable> Models(string model) =>
    [
        new("ANTHROPIC_MODEL", model, "the model of the conversation"),
        .. Tiers.Select(tier => new Variable($"ANTHROPIC_DEFAULT_{tier}_MODEL", model, $"what the client takes where it wants {Title(tier)}")),
        new("CLAUDE_CODE_SUBAGENT_MODEL", model, "what its subagents take"),
    ];

    private static IEnumerable<Variable> Context(LocalServer server)
    {
        if (server.Context is { } context)
            yield return new("CLAUDE_CODE_MAX_CONTEXT_TOKENS", Whole(context), "what is really served; of a model that it does not know the client believes a million");
        yield return new("CLAUDE_CODE_MAX_OUTPUT_TOKENS", Whole(server.Output), "what one answer may take of it; without this the client asks for 32,000");
        if (server.Context is { } small && ClaudeContext.SummedUpAt(small, server.Output) is null)
            yield return new("DISABLE_AUTO_COMPACT", "1", "this context is so small that the client would sum up before every answer");
    }

    private static string Except(Uri url, string noProxy)
    {
        var listed = noProxy.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(',', listed.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase) ? listed : [.. listed, url.IdnHost]);
    }

    private static string Title(string tier) => tier[..1] + tier[1..].ToLowerInvariant();

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
