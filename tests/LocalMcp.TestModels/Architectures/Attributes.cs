namespace LocalMcp.TestModels.Architectures;

/// <summary>The metadata that describe a shape, each key with the architecture's name before it.</summary>
internal sealed class Attributes(GgufWriter gguf, string architecture)
{
    public void Add(string key, long value) => gguf.Add($"{architecture}.{key}", checked((uint)value));

    public void Add(string key, float value) => gguf.Add($"{architecture}.{key}", value);

    public void Add(string key, bool value) => gguf.Add($"{architecture}.{key}", value);

    public void Add(string key, IEnumerable<int> values) => gguf.Add($"{architecture}.{key}", [.. values]);

    public void Add(string key, IEnumerable<bool> values) => gguf.Add($"{architecture}.{key}", [.. values]);

    public void AddBasics(RandomShape shape, int layers)
    {
        Add("context_length", shape.ContextLength);
        Add("embedding_length", shape.Width);
        Add("block_count", layers);
    }

    public void AddHeads(RandomShape shape)
    {
        Add("feed_forward_length", shape.FeedForward);
        Add("attention.head_count", shape.Heads);
        Add("attention.head_count_kv", shape.KvHeads);
        AddHeadWidths(shape);
    }

    public void AddHeadWidths(RandomShape shape)
    {
        Add("attention.key_length", shape.HeadWidth);
        Add("attention.value_length", shape.HeadWidth);
        AddNorm();
        Add("rope.dimension_count", shape.RopeWidth);
        Add("rope.freq_base", 1_000_000f);
    }

    public void AddNorm() => Add("attention.layer_norm_rms_epsilon", 1e-6f);

    public void AddExperts(RandomShape shape)
    {
        Add("expert_count", shape.Experts);
        Add("expert_used_count", shape.ExpertsUsed);
        Add("expert_feed_forward_length", shape.FeedForward);
    }

    public void AddState(StateShape state)
    {
        Add("ssm.conv_kernel", state.Kernel);
        Add("ssm.inner_size", state.Inner);
        Add("ssm.state_size", state.Size);
        Add("ssm.time_step_rank", state.Heads);
        Add("ssm.group_count", state.Groups);
    }
}
