namespace LocalMcp.TestModels.Architectures;

/// <summary>
/// Gemma 4: every sixth layer sees the whole context, with heads of its own; the last layers may read the keys and values of earlier ones. The large models
/// have no values in the layers that see all, the keys are taken; the small ones have an embedding per layer.
/// </summary>
internal static class Gemma4Parts
{
    private const int Period = 6;

    public static void AddTo(Attributes attributes, RandomShape shape)
    {
        attributes.Add("feed_forward_length", shape.FeedForward);
        attributes.Add("attention.head_count", shape.Heads);
        attributes.Add("attention.head_count_kv", Layers(shape).Select(layer => KvHeads(shape, layer)));
        attributes.AddHeadWidths(shape);
        attributes.Add("attention.key_length_swa", shape.WindowHeadWidth);
        attributes.Add("attention.value_length_swa", shape.WindowHeadWidth);
        attributes.Add("rope.dimension_count_swa", shape.WindowHeadWidth);
        attributes.Add("rope.freq_base_swa", 10_000f);
        attributes.Add("attention.sliding_window", shape.SlidingWindow);
        attributes.Add("attention.sliding_window_pattern", Layers(shape).Select(HasWindow));
        attributes.Add("attention.shared_kv_layers", shape.BorrowingLayers);
        attributes.Add("embedding_length_per_layer_input", shape.LayerWidth);
        attributes.Add("final_logit_softcapping", 30f);
    }

    public static IEnumerable<RandomPart> OfNoLayer(RandomShape shape)
    {
        if (!Layers(shape).All(HasWindow)) yield return new("rope_freqs.weight", shape.HeadWidth / 2) { Constant = RandomPart.One };
        if (shape.LayerWidth == 0) yield break;
        yield return new("per_layer_token_embd.weight", shape.LayerWidth * shape.Layers, shape.Vocabulary);
        yield return new("per_layer_model_proj.weight", shape.Width, shape.LayerWidth * shape.Layers);
        yield return new("per_layer_proj_norm.weight", shape.LayerWidth);
    }

    public static IEnumerable<RandomPart> OfLayer(RandomShape shape, int layer) =>
    [
        new("attn_norm.weight", shape.Width),
        .. Attention(shape, layer),
        new("ffn_norm.weight", shape.Width),
        .. AttentionParts.PostNorms(shape),
        .. FeedForwardParts.Dense(shape),
        .. shape.LayerWidth == 0 ? [] : LayerEmbedding(shape),
    ];

    private static IEnumerable<RandomPart> Attention(RandomShape shape, int layer)
    {
        var width = HasWindow(layer) ? shape.WindowHeadWidth : shape.HeadWidth;
        yield return new("attn_q.weight", shape.Width, shape.Heads * width);
        yield return new("attn_q_norm.weight", width);
        yield return new("attn_output.weight", shape.Heads * width, shape.Width);
        if (layer >= shape.Layers - shape.BorrowingLayers) yield break;
        yield return new("attn_k.weight", shape.Width, KvHeads(shape, layer) * width);
        yield return new("attn_k_norm.weight", width);
        if (HasWindow(layer) || shape.LayerWidth > 0) yield return new("attn_v.weight", shape.Width, KvHeads(shape, layer) * width);
    }

    private static IEnumerable<RandomPart> LayerEmbedding(RandomShape shape) =>
    [
        new("inp_gate.weight", shape.Width, shape.LayerWidth),
        new("proj.weight", shape.LayerWidth, shape.Width),
        new("post_norm.weight", shape.Width),
    ];

    private static IEnumerable<int> Layers(RandomShape shape) => Enumerable.Range(0, shape.Layers);

    private static bool HasWindow(int layer) => (layer + 1) % Period != 0;

    private static int KvHeads(RandomShape shape, int layer) => HasWindow(layer) ? shape.WindowKvHeads : shape.KvHeads;
}
