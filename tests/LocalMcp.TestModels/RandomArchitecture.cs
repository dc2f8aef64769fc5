namespace LocalMcp.TestModels;

/// <summary>
/// What an engine expects of an architecture: its name, its metadata, and the tensors of one layer. Another one is another
/// instance of this record.
/// </summary>
public sealed record RandomArchitecture
{
    private RandomArchitecture(string name) => Name = name;

    /// <summary>A matrix or, with one dimension, a vector; norms are ones, biases are small, the rest is random.</summary>
    internal sealed record Part(string Name, params long[] Dimensions);

    public static RandomArchitecture Llama { get; } = new("llama");

    public static RandomArchitecture Qwen2 { get; } = new("qwen2") { Attention = BiasedAttention };

    public static RandomArchitecture Qwen3Moe { get; } = new("qwen3moe") { FeedForward = Experts, Attention = NormedAttention, HasExperts = true };

    public static IReadOnlyList<RandomArchitecture> All { get; } = [Llama, Qwen2, Qwen3Moe];

    public string Name { get; }

    internal bool HasExperts { get; private init; }

    private Func<RandomShape, IEnumerable<Part>> Attention { get; init; } = PlainAttention;

    private Func<RandomShape, IEnumerable<Part>> FeedForward { get; init; } = Dense;

    public static RandomArchitecture Named(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException($"There is no architecture {name} here. Known are {string.Join(", ", All.Select(known => known.Name))}.", nameof(name));

    internal IEnumerable<Part> Layer(RandomShape shape) => [.. Attention(shape), .. FeedForward(shape)];

    internal void Describe(GgufWriter gguf, RandomShape shape)
    {
        gguf.Add($"{Name}.context_length", (uint)shape.ContextLength);
        gguf.Add($"{Name}.embedding_length", (uint)shape.Width);
        gguf.Add($"{Name}.block_count", (uint)shape.Layers);
        gguf.Add($"{Name}.feed_forward_length", (uint)shape.FeedForward);
        gguf.Add($"{Name}.attention.head_count", (uint)shape.Heads);
        gguf.Add($"{Name}.attention.head_count_kv", (uint)shape.KvHeads);
        gguf.Add($"{Name}.attention.key_length", (uint)shape.HeadWidth);
        gguf.Add($"{Name}.attention.value_length", (uint)shape.HeadWidth);
        gguf.Add($"{Name}.attention.layer_norm_rms_epsilon", 1e-6f);
        gguf.Add($"{Name}.rope.dimension_count", (uint)shape.HeadWidth);
        gguf.Add($"{Name}.rope.freq_base", 1_000_000f);
        if (!HasExperts) return;
        gguf.Add($"{Name}.expert_count", (uint)shape.Experts);
        gguf.Add($"{Name}.expert_used_count", (uint)shape.ExpertsUsed);
        gguf.Add($"{Name}.expert_feed_forward_length", (uint)shape.FeedForward);
    }

    private static IEnumerable<Part> PlainAttention(RandomShape shape) =>
    [
        new("attn_norm.weight", shape.Width),
        new("attn_q.weight", shape.Width, shape.Heads * shape.HeadWidth),
        new("attn_k.weight", shape.Width, shape.KvHeads * shape.HeadWidth),
        new("attn_v.weight", shape.Width, shape.KvHeads * shape.HeadWidth),
        new("attn_output.weight", shape.Heads * shape.HeadWidth, shape.Width),
        new("ffn_norm.weight", shape.Width),
    ];

    private static IEnumerable<Part> BiasedAttention(RandomShape shape) =>
    [
        .. PlainAttention(shape),
        new("attn_q.bias", shape.Heads * shape.HeadWidth),
        new("attn_k.bias", shape.KvHeads * shape.HeadWidth),
        new("attn_v.bias", shape.KvHeads * shape.HeadWidth),
    ];

    private static IEnumerable<Part> NormedAttention(RandomShape shape) =>
    [
        .. PlainAttention(shape),
        new("attn_q_norm.weight", shape.HeadWidth),
        new("attn_k_norm.weight", shape.HeadWidth),
    ];

    private static IEnumerable<Part> Dense(RandomShape shape) =>
    [
        new("ffn_gate.weight", shape.Width, shape.FeedForward),
        new("ffn_up.weight", shape.Width, shape.FeedForward),
        new("ffn_down.weight", shape.FeedForward, shape.Width),
    ];

    private static IEnumerable<Part> Experts(RandomShape shape) =>
    [
        new("ffn_gate_inp.weight", shape.Width, shape.Experts),
        new("ffn_gate_exps.weight", shape.Width, shape.FeedForward, shape.Experts),
        new("ffn_up_exps.weight", shape.Width, shape.FeedForward, shape.Experts),
        new("ffn_down_exps.weight", shape.FeedForward, shape.Width, shape.Experts),
    ];
}
