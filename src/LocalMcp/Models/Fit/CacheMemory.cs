namespace LocalMcp.Models.Fit;

/// <summary>
/// What a model keeps of the text before: for each layer with attention, cells × (numbers of keys + numbers of values) × bytes of a number,
/// where a layer's keys are KV heads × key length; and the states of recurrent layers, in numbers of 4 bytes, whatever the context.
/// </summary>
/// <remarks>
/// The sources are llama.cpp's src/llama-kv-cache.cpp (a tensor of <c>n_embd_k_gqa × cells × streams</c> for each layer, cells in multiples of 256),
/// src/llama-kv-cache-iswa.cpp (layers with a sliding window keep <c>window + batch</c> cells, no more than the context) and
/// src/llama-memory-recurrent.cpp (<c>n_embd_r + n_embd_s</c> numbers for each slot and layer). With latent attention
/// <see cref="LayerCache.KeyElements"/> is the compressed vector, kv_lora_rank + rope dimensions, and there are no values.
/// </remarks>
internal static class CacheMemory
{
    private const int CellBlock = 256;

    /// <summary>Bytes for all slots; null where the shape or the type of the cache is not known.</summary>
    public static long? Of(ModelShape shape, Serving serving)
    {
        if (shape.Cache is not { } layers || shape.RecurrentElements is not { } recurrent)
            return null;
        long? attention = 0;
        foreach (var kind in layers)
            attention += (CacheType.Bytes(kind.KeyElements, serving.Cache) + CacheType.Bytes(Values(kind, layers, serving), serving.Cache)) * kind.Layers * Cells(serving, kind.Window);
        return (attention + (recurrent * sizeof(float))) * serving.Slots;
    }

    /// <summary>Cells for one answer in a layer that looks back <paramref name="window"/> tokens, or over all of them when that is null.</summary>
    public static long Cells(Serving serving, int? window)
    {
        var whole = Padded(serving.Context);
        return window is { } back ? Math.Min(whole, Padded((long)back + serving.Batch)) : whole;
    }

    // Without flash attention values are kept transposed, and every layer gets as many numbers as the one with most.
    private static long Values(LayerCache kind, IReadOnlyList<LayerCache> all, Serving serving) =>
        serving.FlashAttention || kind.ValueElements == 0 ? kind.ValueElements : all.Max(other => other.ValueElements);

    private static long Padded(long cells) => (cells + CellBlock - 1) / CellBlock * CellBlock;
}
