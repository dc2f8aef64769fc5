namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>What a run cost.</summary>
/// <param name="Cached">Tokens of the prompt that the slot knew already.</param>
/// <param name="Read">Tokens of the prompt that were read.</param>
/// <param name="Written">Tokens of the answer, the one that ends it included.</param>
internal sealed record RunTimings(int Cached, int Read, double ReadMilliseconds, int Written, double WriteMilliseconds)
{
    public int PromptTokens => Cached + Read;

    public double ReadPerSecond => PerSecond(Read, ReadMilliseconds);

    public double WrittenPerSecond => PerSecond(Written, WriteMilliseconds);

    private static double PerSecond(int tokens, double milliseconds) => milliseconds > 0 ? tokens * 1000 / milliseconds : 0;
}
