namespace LocalMcp.Models.Fit;

/// <summary>
/// The working buffers of llama.cpp, which it reserves for a batch of tokens (<c>n_ubatch</c>) before the first question: what is alive at once
/// in the layer where that is most, the mask of the attention, and room for the scores of the tokens that it answers to.
/// </summary>
/// <remarks>
/// Not a formula of llama.cpp's: its allocator (ggml/src/ggml-alloc.c) walks the graph. This is the bound that its reports follow, found with llama-server
/// build 11669 on models with random weights, in numbers of 4 bytes a token: dense, 5 × embedding + 3 × feed-forward; experts, (used + 5) × embedding
/// + 3 × used × feed-forward; attention, 3 × embedding + 3 × queries + 2 × keys, and without flash
/// attention heads × cells more; recurrent, 8 × the width within such a layer; the scores of a whole batch, 5 × embedding
/// + vocabulary. docs/memory.md has the figures.
/// </remarks>
internal static class ComputeMemory
{
    /// <summary>Bytes; null where the shape does not say enough.</summary>
    public static long? Of(ModelShape shape, Serving serving)
    {
        var batch = Math.Min(serving.Batch, serving.Context);
        var alive = Math.Max(Layers(shape, serving) ?? 0, serving.ScoresOfWholeBatch ? Scores(shape) ?? 0 : 0);
        var answers = 2L * serving.Slots * (shape.Vocabulary ?? 0);
        return shape.EmbeddingLength is null ? null : (((alive * batch) + answers) * sizeof(float)) + Masks(shape, serving, batch);
    }

    // Numbers for each token of the batch.
    private static long? Layers(ModelShape shape, Serving serving)
    {
        if (shape.EmbeddingLength is not { } width)
            return null;
        var (queries, keys) = ((long)(shape.Heads ?? 0) * (shape.KeyLength ?? 0), (long)(shape.KvHeads ?? 0) * (shape.KeyLength ?? 0));
        return Math.Max((3L * width) + (3 * queries) + (2 * keys) + Matches(shape, serving), Math.Max(FeedForward(shape, width), 8L * (shape.RecurrentWidth ?? 0)));
    }

    private static long? Scores(ModelShape shape) => (5L * shape.EmbeddingLength) + shape.Vocabulary;

    private static long FeedForward(ModelShape shape, long width) => shape.UsedExperts is > 0 and var used
        ? ((used + 5) * width) + (3L * used * (shape.FeedForwardLength ?? 0))
        : (5 * width) + (3L * (shape.FeedForwardLength ?? 0));

    // How well each token matches each cell, for all heads of one layer at once.
    private static long Matches(ModelShape shape, Serving serving) => serving.FlashAttention ? 0 : (shape.Heads ?? 0) * Cells(shape, serving).DefaultIfEmpty().Max();

    // One number for each cell and token of the batch, once for each width of window: of 2 bytes with flash attention, else of 4.
    private static long Masks(ModelShape shape, Serving serving, int batch) =>
        Cells(shape, serving).Distinct().Sum() * batch * (serving.FlashAttention ? 2 : sizeof(float));

    private static IEnumerable<long> Cells(ModelShape shape, Serving serving) => (shape.Cache ?? []).Select(kind => CacheMemory.Cells(serving, kind.Window));
}
