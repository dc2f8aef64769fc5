namespace LocalMcp.Chat.Budget;

/// <summary>What a server's own counts say of a part of the prompt or the answer that it dropped without saying so.</summary>
/// <param name="Sentence">The finding, for the reader.</param>
/// <param name="IsCertain">
/// Whether nothing else explains it. It is not where the context is unknown and the prompt was only estimated: a server may also count in a way of its own.
/// </param>
internal sealed record SilentCut(string Sentence, bool IsCertain)
{
    // Templates differ by a few tokens from what we count; and no server cuts prompts as short as this.
    private const int Slack = 16;
    private const int ShortestCut = 256;

    /// <summary>Compares the counts; null when they can be explained otherwise.</summary>
    /// <param name="cached">Whether the server may have had a part of the prompt in its cache.</param>
    /// <remarks>
    /// Some servers count only what was not in their cache: Ollama before 0.2.2 (its pull request 5371), and it left the count away when all was cached.
    /// So a small count is taken for a cut only where nothing was cached, or where it is as large as what a cut leaves: Ollama's leaves half of the context.
    /// </remarks>
    public static SilentCut? Of(TokenCount prompt, int? context, Usage usage, bool cached)
    {
        if (usage.PromptTokens is not { } read || read <= 0)
            return null;
        if (context is { } served && read < served && read + usage.AnswerTokens is { } all && all > served + 1)
            return new SilentCut($"The server dropped a part of the text without saying so: prompt and answer have {TokenCount.Number(all)} tokens, and its context has {TokenCount.Number(served)}. The end of the answer was written without the beginning of the prompt. Ask for less, or set max_tokens.", IsCertain: true);
        // A prompt that was counted and fits was cut for another reason; one that was cached has an explanation.
        var couldBeCut = prompt.High > ShortestCut && (prompt.IsExact || !(prompt.High < context));
        var explained = cached && !(prompt.High >= context && read >= context / 4);
        return couldBeCut && !explained && read + (usage.CachedTokens ?? 0) < prompt.Low - Slack ? Found(prompt, read, prompt.IsExact || context is not null) : null;
    }

    private static SilentCut Found(TokenCount prompt, int read, bool isCertain) => new(
        isCertain
            ? $"The server read {TokenCount.Number(read)} of {prompt} prompt tokens: it cut the prompt without saying so. The answer is about a part of what was sent. Send less, or raise the context length that the model is served with."
            : $"The server says that it read {TokenCount.Number(read)} prompt tokens, and by our estimate there were {prompt}, at least {TokenCount.Number(prompt.Low)}: it seems to have cut the prompt without saying so, or counts otherwise. If the answer knows only a part of what was sent, send less, or raise the context length that the model is served with.",
        isCertain);
}
