namespace LocalMcp.Models.Fit;

/// <summary>How a model would be served.</summary>
/// <param name="Context">Tokens for each answer.</param>
/// <param name="Slots">Answers at once, each with the whole context.</param>
/// <param name="Cache">Type of the KV cache.</param>
internal sealed record Serving(int Context, int Slots = 1, string Cache = "f16")
{
    /// <summary>Whether attention is computed in tiles, without a matrix of the whole context for each head. llama.cpp does so wherever it can.</summary>
    public bool FlashAttention { get; init; } = true;

    /// <summary>Whether the engine keeps room for the scores of every token of a batch, and not only of those that it answers to. Older llama.cpp does.</summary>
    public bool ScoresOfWholeBatch { get; init; }

    /// <summary>Tokens of a prompt that are computed at once. Default: 512, which is llama.cpp's (<c>n_ubatch</c>).</summary>
    public int Batch { get; init; } = 512;
}
