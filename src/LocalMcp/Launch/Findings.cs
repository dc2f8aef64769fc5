using System.Globalization;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;

namespace LocalMcp.Launch;

/// <summary>Judges what was found out of a model and its server, for a client that works with long prompts and tools. Pure.</summary>
internal static class Findings
{
    /// <summary>Whether the served context suffices.</summary>
    /// <param name="more">How its user has the server serve more of it, as a clause: <c>start it with …</c></param>
    /// <param name="isClaude">Whether the client is Claude Code; else it is another one that works with tools.</param>
    public static Finding Context(LocalServer server, int? trained, string more, bool isClaude)
    {
        var needed = $"{(isClaude ? "Claude Code needs" : "clients that work with tools need")} {Tokens(ClaudeContext.Least)} or more";
        return (server.Context, trained) switch
        {
            (null, _) => new(Readiness.Unknown, "context", $"the server does not say with how many tokens it serves this model; {needed}. To be sure, {more}"),
            ({ } small and < ClaudeContext.Least, { } most) when most <= small => new(Readiness.Lacking, "context", $"{Tokens(small)} tokens, which is all that this model was made for, and {needed}. Choose another model"),
            ({ } small and < ClaudeContext.Least, _) => new(Readiness.Lacking, "context", $"{Tokens(small)} tokens are served, and {needed}, better 65,536: {more}"),
            ({ } context, _) => new(Readiness.Ready, "context", $"{Tokens(context)} tokens{(isClaude ? SummedUp(context, server.Output) : "")}"),
        };
    }

    /// <summary>Whether the model can call tools, as far as its backend says.</summary>
    public static Finding Tools(ModelFacts model) => model.Shape?.CanUseTools switch
    {
        true => new(Readiness.Ready, "tools", "the model is said to call tools"),
        false => new(Readiness.Lacking, "tools", "this model has no way to call tools, by its chat template or its server's word, and without them Claude Code can neither read nor write. Choose another one: `local-mcp models` lists those that are there, `local-mcp recommend` names good ones"),
        null => new(Readiness.Unknown, "tools", "nobody says whether this model can call tools; without them Claude Code can neither read nor write"),
    };

    /// <summary>What is known of such models' tool calls.</summary>
    public static IEnumerable<Finding> Quirks(CatalogChoice? known) =>
        known?.Model.Quirks.Where(quirk => quirk.What.Contains("tool", StringComparison.OrdinalIgnoreCase)).Select(quirk => new Finding(Readiness.Note, "tools", $"known of this model: {quirk.What.TrimEnd('.')}")) ?? [];

    /// <summary>What to expect, in time and in quality.</summary>
    /// <param name="prefill">How fast the model read prompts here, in tokens per second; null where it was not measured.</param>
    public static IEnumerable<Finding> Expect(double? prefill)
    {
        var time = prefill is { } speed ? string.Create(CultureInfo.InvariantCulture, $"about {ClaudeContext.FirstPrompt / speed:0} s at the {speed:0} tokens per second that were measured here") : "how long that takes was not measured here yet";
        yield return new(Readiness.Note, "expect", $"the first turn reads about {Tokens(ClaudeContext.FirstPrompt)} tokens (client 2.1.329, November 2026), {time}; later turns read only what is new");
        yield return new(Readiness.Note, "expect", "small, scoped tasks. A local model follows long plans and many tools far worse than the model that this client was made for: look at what it does");
    }

    private static string SummedUp(int context, int output) => ClaudeContext.SummedUpAt(context, output) is { } at
        ? $"; the client's own prompt takes about {Tokens(ClaudeContext.FirstPrompt)} of them, and it sums the conversation up at about {Tokens(at)}"
        : "";

    private static string Tokens(int tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
