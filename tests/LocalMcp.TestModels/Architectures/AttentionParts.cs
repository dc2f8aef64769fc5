namespace LocalMcp.TestModels.Architectures;

/// <summary>The tensors of an attention layer, up to the feed-forward part.</summary>
internal static class AttentionParts
{
    /// <summary>Queries, keys and values from three matrices.</summary>
    public static IEnumerable<RandomPart> Matrices(RandomShape shape, int queries = 1) =>
    [
        new("attn_q.weight", shape.Width, queries * shape.Heads * shape.HeadWidth),
        new("attn_k.weight", shape.Width, shape.KvHeads * shape.HeadWidth),
        new("attn_v.weight", shape.Width, shape.KvHeads * shape.HeadWidth),
        new("attn_output.weight", shape.Heads * shape.HeadWidth, shape.Width),
    ];

    /// <summary><see cref="Matrices"/> between the norm of the layer and the norm of its feed-forward part.</summary>
    public static IEnumerable<RandomPart> Plain(RandomShape shape) =>
    [
        new("attn_norm.weight", shape.Width),
        .. Matrices(shape),
        new("ffn_norm.weight", shape.Width),
    ];

    public static IEnumerable<RandomPart> Biases(RandomShape shape) =>
    [
        new("attn_q.bias", shape.Heads * shape.HeadWidth),
        new("attn_k.bias", shape.KvHeads * shape.HeadWidth),
        new("attn_v.bias", shape.KvHeads * shape.HeadWidth),
    ];

    /// <summary>Norms over each head's query and key.</summary>
    public static IEnumerable<RandomPart> HeadNorms(RandomShape shape) =>
    [
        new("attn_q_norm.weight", shape.HeadWidth),
        new("attn_k_norm.weight", shape.HeadWidth),
    ];

    /// <summary>One matrix for queries, keys and values.</summary>
    public static IEnumerable<RandomPart> Fused(RandomShape shape) =>
    [
        new("attn_norm.weight", shape.Width),
        new("attn_qkv.weight", shape.Width, (shape.Heads + (2 * shape.KvHeads)) * shape.HeadWidth),
        new("attn_output.weight", shape.Heads * shape.HeadWidth, shape.Width),
        new("ffn_norm.weight", shape.Width),
    ];

    /// <summary>Norms after attention and after the feed-forward part, as Gemma has them.</summary>
    public static IEnumerable<RandomPart> PostNorms(RandomShape shape) =>
    [
        new("post_attention_norm.weight", shape.Width),
        new("post_ffw_norm.weight", shape.Width),
    ];

    /// <summary>What is kept in the cache is one compressed key for all heads, from which keys and values are made anew (multi-head latent attention).</summary>
    public static IEnumerable<RandomPart> Latent(RandomShape shape, LatentShape latent)
    {
        yield return new("attn_norm.weight", shape.Width);
        if (latent.QueryRank > 0)
        {
            yield return new("attn_q_a_norm.weight", latent.QueryRank);
            yield return new("attn_q_a.weight", shape.Width, latent.QueryRank);
            yield return new("attn_q_b.weight", latent.QueryRank, shape.Heads * latent.KeyWidth);
        }
        else
        {
            yield return new("attn_q.weight", shape.Width, shape.Heads * latent.KeyWidth);
        }

        yield return new("attn_kv_a_norm.weight", latent.Rank);
        yield return new("attn_kv_a_mqa.weight", shape.Width, latent.Rank + latent.RopeWidth);
        yield return new("attn_k_b.weight", latent.KeyWidth - latent.RopeWidth, latent.Rank, shape.Heads);
        yield return new("attn_v_b.weight", latent.Rank, latent.ValueWidth, shape.Heads);
        yield return new("attn_output.weight", shape.Heads * latent.ValueWidth, shape.Width);
        yield return new("ffn_norm.weight", shape.Width);
    }
}
