namespace LocalMcp.TestModels.Architectures;

/// <summary>Architectures with attention in every layer and experts in most.</summary>
internal static class ExpertArchitectures
{
    private static readonly RandomShape Small = new(2, 256, 4, 2, 128, 2048) { TiedOutput = true };

    public static RandomArchitecture Qwen3Moe { get; } = new("qwen3moe", Small with { HeadWidth = 128 })
    {
        Attributes = (attributes, shape) =>
        {
            attributes.AddHeads(shape);
            attributes.AddExperts(shape);
        },
        Layer = (shape, _) => [.. AttentionParts.Plain(shape), .. AttentionParts.HeadNorms(shape), .. FeedForwardParts.Experts(shape)],
    };

    public static RandomArchitecture GptOss { get; } = new("gpt-oss", Small with { Layers = 4, SlidingWindow = 128 })
    {
        TiedOutput = false,
        Attributes = (attributes, shape) =>
        {
            attributes.AddHeads(shape);
            attributes.AddExperts(shape);
            attributes.Add("attention.sliding_window", shape.SlidingWindow);
        },
        Layer = (shape, _) =>
        [
            new("attn_norm.weight", shape.Width),
            .. AttentionParts.Matrices(shape),
            .. AttentionParts.Biases(shape),
            new("attn_output.bias", shape.Width),
            new("attn_sinks.weight", shape.Heads),
            new("post_attention_norm.weight", shape.Width),
            .. FeedForwardParts.Experts(shape),
            .. FeedForwardParts.ExpertBiases(shape),
        ],
    };

    public static RandomArchitecture DeepSeek2 { get; } = new("deepseek2", Small with { Layers = 3 })
    {
        Attributes = (attributes, shape) =>
        {
            AddLatent(attributes, shape, LatentOf(shape));
            AddBehindDense(attributes, shape);
        },
        Layer = (shape, layer) =>
        [
            .. AttentionParts.Latent(shape, LatentOf(shape)),
            .. BehindDense(shape, layer),
        ],
    };

    public static RandomArchitecture Glm4Moe { get; } = new("glm4moe", Small with { Layers = 3 })
    {
        Blocks = shape => shape.Layers + shape.GuessingLayers,
        Attributes = (attributes, shape) =>
        {
            attributes.Add("attention.head_count", shape.Heads);
            attributes.Add("attention.head_count_kv", shape.KvHeads);
            attributes.AddHeadWidths(shape);
            AddBehindDense(attributes, shape);
            attributes.Add("nextn_predict_layers", shape.GuessingLayers);
        },
        Layer = (shape, layer) =>
        [
            new("attn_norm.weight", shape.Width),
            .. AttentionParts.Matrices(shape),
            .. AttentionParts.Biases(shape),
            .. AttentionParts.HeadNorms(shape),
            new("post_attention_norm.weight", shape.Width),
            .. BehindDense(shape, layer),
            .. layer < shape.Layers ? [] : GuessingParts.Of(shape),
        ],
    };

    private static LatentShape LatentOf(RandomShape shape) => shape.Latent ?? LatentShape.Of(shape);

    // The engine computes with one head whose key is the compressed one, so that is what the file calls its heads.
    private static void AddLatent(Attributes attributes, RandomShape shape, LatentShape latent)
    {
        attributes.Add("attention.head_count", shape.Heads);
        attributes.Add("attention.head_count_kv", 1);
        attributes.Add("attention.key_length", latent.Rank + latent.RopeWidth);
        attributes.Add("attention.value_length", latent.Rank);
        attributes.Add("attention.key_length_mla", latent.KeyWidth);
        attributes.Add("attention.value_length_mla", latent.ValueWidth);
        attributes.Add("attention.kv_lora_rank", latent.Rank);
        if (latent.QueryRank > 0) attributes.Add("attention.q_lora_rank", latent.QueryRank);
        attributes.Add("rope.dimension_count", latent.RopeWidth);
        attributes.AddNorm();
    }

    private static void AddBehindDense(Attributes attributes, RandomShape shape)
    {
        attributes.Add("feed_forward_length", shape.DenseFeedForward);
        attributes.AddExperts(shape);
        attributes.Add("expert_shared_count", shape.SharedFeedForward / shape.FeedForward);
        attributes.Add("leading_dense_block_count", shape.DenseLayers);
        attributes.Add("expert_weights_norm", true);
        attributes.Add("expert_weights_scale", 1f);
    }

    private static IEnumerable<RandomPart> BehindDense(RandomShape shape, int layer) => layer < shape.DenseLayers
        ? FeedForwardParts.Dense(shape, shape.DenseFeedForward)
        : [.. FeedForwardParts.Experts(shape), new("exp_probs_b.bias", shape.Experts), .. FeedForwardParts.SharedExperts(shape)];
}
