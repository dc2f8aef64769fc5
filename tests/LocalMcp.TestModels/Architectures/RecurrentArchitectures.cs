namespace LocalMcp.TestModels.Architectures;

/// <summary>Architectures in which some or all layers keep a state of fixed size in place of keys and values.</summary>
internal static class RecurrentArchitectures
{
    private static readonly RandomShape Small = new(4, 256, 4, 2, 128, 2048) { TiedOutput = true };

    public static RandomArchitecture Mamba2 { get; } = new("mamba2", Small)
    {
        Attributes = (attributes, shape) =>
        {
            var state = StateSpaceOf(shape);
            attributes.Add("feed_forward_length", 0);
            attributes.Add("attention.head_count", state.Heads);
            attributes.AddNorm();
            attributes.AddState(state);
        },
        Layer = (shape, _) => [new("attn_norm.weight", shape.Width), .. RecurrentParts.StateSpace(shape, StateSpaceOf(shape))],
    };

    public static RandomArchitecture Qwen35 { get; } = new("qwen35", Small with { HeadWidth = 128, RopeWidth = 32, FeedForward = 512 })
    {
        Blocks = shape => shape.Layers + shape.GuessingLayers,
        Attributes = AddDelta,
        Layer = (shape, layer) => [.. DeltaOrAttention(shape, layer), .. FeedForwardParts.Dense(shape), .. Guessing(shape, layer)],
    };

    public static RandomArchitecture Qwen35Moe { get; } = new("qwen35moe", Small with { HeadWidth = 128, RopeWidth = 32 })
    {
        Blocks = shape => shape.Layers + shape.GuessingLayers,
        Attributes = (attributes, shape) =>
        {
            AddDelta(attributes, shape);
            attributes.AddExperts(shape);
            attributes.Add("expert_shared_feed_forward_length", shape.SharedFeedForward);
        },
        Layer = (shape, layer) =>
        [
            .. DeltaOrAttention(shape, layer),
            .. ExpertsOfAllKinds(shape),
            .. Guessing(shape, layer),
        ],
    };

    public static RandomArchitecture Qwen3Next { get; } = new("qwen3next", Small with { HeadWidth = 128, RopeWidth = 32 })
    {
        Attributes = (attributes, shape) =>
        {
            attributes.AddHeads(shape);
            attributes.AddState(DeltaNetOf(shape));
            attributes.Add("full_attention_interval", shape.AttentionEvery);
            attributes.AddExperts(shape);
            attributes.Add("expert_shared_feed_forward_length", shape.SharedFeedForward);
        },
        Layer = (shape, layer) => [.. DeltaOrAttention(shape, layer, fused: true), .. ExpertsOfAllKinds(shape)],
    };

    public static RandomArchitecture NemotronH { get; } = new("nemotron_h", Small with { FeedForward = 512 })
    {
        Attributes = AddThreeKinds,
        Layer = (shape, layer) => OneOfThreeKinds(shape, layer, FeedForwardParts.Ungated(shape, shape.FeedForward)),
    };

    public static RandomArchitecture NemotronHMoe { get; } = new("nemotron_h_moe", Small)
    {
        Attributes = (attributes, shape) =>
        {
            AddThreeKinds(attributes, shape);
            attributes.AddExperts(shape);
            attributes.Add("expert_shared_feed_forward_length", shape.SharedFeedForward);
            attributes.Add("expert_shared_count", 1);
            attributes.Add("expert_weights_norm", true);
            attributes.Add("expert_weights_scale", 1f);
        },
        Layer = (shape, layer) => OneOfThreeKinds(shape, layer, FeedForwardParts.UngatedExperts(shape)),
    };

    public static RandomArchitecture GraniteHybrid { get; } = new("granitehybrid", Small)
    {
        Attributes = (attributes, shape) =>
        {
            attributes.Add("feed_forward_length", shape.FeedForward);
            attributes.Add("attention.head_count", shape.Heads);
            AddKvHeadsPerLayer(attributes, shape);
            attributes.AddHeadWidths(shape);
            attributes.AddState(StateSpaceOf(shape));
            attributes.AddExperts(shape);
            attributes.Add("expert_shared_feed_forward_length", shape.SharedFeedForward);
        },
        Layer = (shape, layer) =>
        [
            new("attn_norm.weight", shape.Width),
            .. shape.HasAttention(layer) ? AttentionParts.Matrices(shape) : RecurrentParts.StateSpace(shape, StateSpaceOf(shape)),
            new("ffn_norm.weight", shape.Width),
            .. FeedForwardParts.Experts(shape),
            .. FeedForwardParts.SharedExperts(shape),
        ],
    };

    public static RandomArchitecture Lfm2 { get; } = new("lfm2", Small with { FeedForward = 512 })
    {
        OutputNorm = "token_embd_norm.weight",
        Attributes = (attributes, shape) =>
        {
            attributes.Add("feed_forward_length", shape.FeedForward);
            attributes.Add("attention.head_count", shape.Heads);
            AddKvHeadsPerLayer(attributes, shape);
            attributes.AddHeadWidths(shape);
            attributes.Add("shortconv.l_cache", shape.ShortKernel);
        },
        Layer = (shape, layer) =>
        [
            new("attn_norm.weight", shape.Width),
            .. shape.HasAttention(layer)
                ? [.. AttentionParts.Matrices(shape), .. AttentionParts.HeadNorms(shape)]
                : RecurrentParts.ShortConvolution(shape),
            new("ffn_norm.weight", shape.Width),
            .. FeedForwardParts.Dense(shape),
        ],
    };

    private static StateShape StateSpaceOf(RandomShape shape) => shape.State ?? StateShape.Mamba(shape);

    private static StateShape DeltaNetOf(RandomShape shape) => shape.State ?? StateShape.DeltaNet(shape);

    private static void AddDelta(Attributes attributes, RandomShape shape)
    {
        attributes.AddHeads(shape);
        attributes.AddState(DeltaNetOf(shape));
        attributes.Add("full_attention_interval", shape.AttentionEvery);
        attributes.Add("rope.dimension_sections", [shape.RopeWidth / 6, shape.RopeWidth / 6, (shape.RopeWidth / 2) - (2 * (shape.RopeWidth / 6)), 0]);
        if (shape.GuessingLayers > 0) attributes.Add("nextn_predict_layers", shape.GuessingLayers);
    }

    // The query matrix holds a gate for the answer of attention too, and layers that guess always have attention.
    private static IEnumerable<RandomPart> DeltaOrAttention(RandomShape shape, int layer, bool fused = false) =>
    [
        new("attn_norm.weight", shape.Width),
        .. layer >= shape.Layers || shape.HasAttention(layer)
            ? [.. AttentionParts.Matrices(shape, queries: 2), .. AttentionParts.HeadNorms(shape)]
            : RecurrentParts.DeltaNet(shape, DeltaNetOf(shape), fused),
        new("post_attention_norm.weight", shape.Width),
    ];

    private static IEnumerable<RandomPart> ExpertsOfAllKinds(RandomShape shape) =>
    [
        .. FeedForwardParts.Experts(shape),
        .. FeedForwardParts.SharedExperts(shape),
        new("ffn_gate_inp_shexp.weight", shape.Width),
    ];

    private static IEnumerable<RandomPart> Guessing(RandomShape shape, int layer) => layer < shape.Layers ? [] : GuessingParts.Of(shape);

    private static void AddThreeKinds(Attributes attributes, RandomShape shape)
    {
        attributes.Add("feed_forward_length", PerLayer(shape, layer => IsFeedForward(shape, layer) ? shape.FeedForward : 0));
        attributes.Add("attention.head_count", shape.Heads);
        AddKvHeadsPerLayer(attributes, shape);
        attributes.AddHeadWidths(shape);
        attributes.Add("attention.layer_norm_epsilon", 1e-6f);
        attributes.AddState(StateSpaceOf(shape));
    }

    private static IEnumerable<RandomPart> OneOfThreeKinds(RandomShape shape, int layer, IEnumerable<RandomPart> feedForward) =>
    [
        new("attn_norm.weight", shape.Width),
        .. shape.HasAttention(layer) ? AttentionParts.Matrices(shape)
            : IsFeedForward(shape, layer) ? feedForward
            : RecurrentParts.StateSpace(shape, StateSpaceOf(shape)),
    ];

    private static void AddKvHeadsPerLayer(Attributes attributes, RandomShape shape) =>
        attributes.Add("attention.head_count_kv", PerLayer(shape, layer => shape.HasAttention(layer) ? shape.KvHeads : 0));

    private static IEnumerable<int> PerLayer(RandomShape shape, Func<int, int> value) => Enumerable.Range(0, shape.Layers).Select(value);

    // State space and feed-forward take turns in the layers that have no attention.
    private static bool IsFeedForward(RandomShape shape, int layer) =>
        !shape.HasAttention(layer) && Enumerable.Range(0, layer).Count(earlier => !shape.HasAttention(earlier)) % 2 == 1;
}
