namespace LocalMcp.TestModels.Architectures;

/// <summary>Architectures with attention and one feed-forward part in every layer.</summary>
internal static class DenseArchitectures
{
    private static readonly RandomShape Small = new(2, 256, 4, 2, 512, 2048) { TiedOutput = true };

    public static RandomArchitecture Llama { get; } = new("llama", Small)
    {
        Attributes = (attributes, shape) => attributes.AddHeads(shape),
        Layer = (shape, _) => [.. AttentionParts.Plain(shape), .. FeedForwardParts.Dense(shape)],
    };

    public static RandomArchitecture Qwen2 { get; } = new("qwen2", Small)
    {
        Attributes = (attributes, shape) => attributes.AddHeads(shape),
        Layer = (shape, _) => [.. AttentionParts.Plain(shape), .. AttentionParts.Biases(shape), .. FeedForwardParts.Dense(shape)],
    };

    public static RandomArchitecture Qwen3 { get; } = new("qwen3", Small with { HeadWidth = 128 })
    {
        Attributes = (attributes, shape) => attributes.AddHeads(shape),
        Layer = (shape, _) => [.. AttentionParts.Plain(shape), .. AttentionParts.HeadNorms(shape), .. FeedForwardParts.Dense(shape)],
    };

    public static RandomArchitecture Phi3 { get; } = new("phi3", Small with { KvHeads = 4 })
    {
        Attributes = (attributes, shape) => attributes.AddHeads(shape),
        Layer = (shape, _) => [.. AttentionParts.Fused(shape), .. FeedForwardParts.Fused(shape)],
    };

    public static RandomArchitecture Gemma2 { get; } = new("gemma2", Small with { Layers = 4, HeadWidth = 128 })
    {
        TiedOutput = true,
        Attributes = (attributes, shape) =>
        {
            attributes.AddHeads(shape);
            attributes.Add("attention.sliding_window", shape.SlidingWindow);
            attributes.Add("attn_logit_softcapping", 50f);
            attributes.Add("final_logit_softcapping", 30f);
        },
        Layer = (shape, _) => [.. AttentionParts.Plain(shape), .. AttentionParts.PostNorms(shape), .. FeedForwardParts.Dense(shape)],
    };

    public static RandomArchitecture Gemma3 { get; } = new("gemma3", Small with { Layers = 7, HeadWidth = 256 })
    {
        TiedOutput = true,
        Attributes = (attributes, shape) =>
        {
            attributes.AddHeads(shape);
            attributes.Add("attention.sliding_window", shape.SlidingWindow);
        },
        Layer = (shape, _) =>
            [.. AttentionParts.Plain(shape), .. AttentionParts.HeadNorms(shape), .. AttentionParts.PostNorms(shape), .. FeedForwardParts.Dense(shape)],
    };

    public static RandomArchitecture Gemma4 { get; } = new("gemma4", Small with { Layers = 12, HeadWidth = 128, WindowHeadWidth = 64, KvHeads = 1, WindowKvHeads = 2, BorrowingLayers = 6 })
    {
        TiedOutput = true,
        Extras = Gemma4Parts.OfNoLayer,
        Attributes = Gemma4Parts.AddTo,
        Layer = Gemma4Parts.OfLayer,
    };
}
