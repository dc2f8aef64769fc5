namespace LocalMcp.Launch;

/// <summary>How Claude Code divides a context. All figures were taken from client 2.1.329 in November 2026 (docs/claude-on-local.md).</summary>
internal static class ClaudeContext
{
    /// <summary>The least context that it can be used with, in tokens.</summary>
    public const int Least = 32_768;

    /// <summary>Tokens of its own first prompt, with the tools that it has without any servers and plugins, as llama.cpp counts them with Qwen's vocabulary.</summary>
    public const int FirstPrompt = 12_500;

    // It sums up the conversation so many tokens before there is no room for an answer any more.
    private const int Reserve = 13_000;

    // Of a longer answer only so much counts.
    private const int MostCounted = 20_000;

    /// <summary>
    /// The length of a conversation, in tokens, at which the client sums it up by itself: what is left beside one answer and 13,000 tokens. Null where that is
    /// no use, since its own prompt is longer already: then it has to be kept from it.
    /// </summary>
    /// <param name="output">Tokens that one answer may have.</param>
    public static int? SummedUpAt(int context, int output) => context - Math.Min(output, MostCounted) - Reserve is var left && left > FirstPrompt ? left : null;
}
