namespace LocalMcp.Models.Gguf;

/// <summary>
/// What recurrent layers keep: a short window of inputs and a state, of a size that no length of text changes. After <c>n_embd_r</c> and
/// <c>n_embd_s</c> of llama.cpp's src/llama-hparams.cpp, and the layers that the files of src/models mark as recurrent.
/// </summary>
internal static class RecurrentState
{
    // What llama.cpp takes where the file does not say: n_embd_r in src/llama-hparams.cpp, and the files of src/models.
    private const int UsualTokenShifts = 2;
    private const int UsualAttentionInterval = 4;
    private const int UsualDeltaConvolution = 4;

    /// <summary>Which layers are recurrent; null where it cannot be said.</summary>
    public static IReadOnlyList<bool>? Layers(ModelPlan plan)
    {
        if (plan.Layers is not { } layers || !Architectures.HasKnownState(plan))
            return null;
        if (Architectures.Recurrent.Contains(plan.Architecture))
            return [.. Enumerable.Repeat(true, layers)];
        if (!Architectures.Hybrid.Contains(plan.Architecture))
            return new bool[layers];
        return plan.Architecture switch
        {
            "falcon-h1" => [.. Enumerable.Repeat(true, layers)],
            "qwen3next" or "qwen35" or "qwen35moe" => Interleaved(plan, layers),
            "nemotron_h" or "nemotron_h_moe" => plan.KvHeads is { } heads && plan.PerLayer("feed_forward_length") is { } widths
                ? [.. heads.Zip(widths, (count, width) => count == 0 && width == 0)]
                : null,
            _ => plan.KvHeads?.Select(count => count == 0).ToArray(),
        };
    }

    /// <summary>Numbers that all recurrent layers keep for one answer; 0 without such layers; null where it cannot be said.</summary>
    public static long? Elements(ModelPlan plan)
    {
        if (Layers(plan) is not { } layers)
            return null;
        var count = layers.Count(recurrent => recurrent);
        if (count == 0)
            return 0;
        return EachLayer(plan) * (UInt128)(uint)count is { } all && all <= long.MaxValue ? (long)all : null;
    }

    private static bool[]? Interleaved(ModelPlan plan, int layers)
    {
        if (plan.Has("attention.recurrent_layers"))
            return plan.HasList("attention.recurrent_layers") ? plan.PerLayer("attention.recurrent_layers")?.Select(flag => flag != 0).ToArray() : null;
        var interval = plan.Has("full_attention_interval") ? plan.Number("full_attention_interval") : UsualAttentionInterval;
        return interval is > 0 ? [.. Enumerable.Range(1, layers).Select(layer => layer % interval != 0)] : null;
    }

    private static UInt128? EachLayer(ModelPlan plan) => plan.Architecture switch
    {
        "rwkv6" or "rwkv6qwen2" or "rwkv7" or "arwkv7" => Shifts(plan) + (Of(plan, "embedding_length") * Of(plan, "wkv.head_size")),
        "lfm2" or "lfm2moe" => Of(plan, "embedding_length") * Before(plan, "shortconv.l_cache"),
        "kimi-linear" => Delta(plan),
        _ => Selective(plan),
    };

    private static UInt128? Shifts(ModelPlan plan) =>
        (plan.Has("token_shift_count") ? Of(plan, "token_shift_count") : UsualTokenShifts) * Of(plan, "embedding_length");

    // Mamba, and the gated delta nets that llama.cpp stores in its form. The first Mamba and Jamba have no groups.
    private static UInt128? Selective(ModelPlan plan)
    {
        var groups = plan.Architecture is "mamba" or "jamba" ? 0 : Of(plan, "ssm.group_count");
        var (inner, state) = (Of(plan, "ssm.inner_size"), Of(plan, "ssm.state_size"));
        return (Before(plan, "ssm.conv_kernel") * (inner + (2 * groups * state))) + (state * inner);
    }

    // Kimi's delta attention: three convolutions, and a square for each head.
    private static UInt128? Delta(ModelPlan plan)
    {
        var heads = plan.Heads is [var first, ..] ? (UInt128?)first : null;
        var (head, kernel) = (Of(plan, "kda.head_dim"), Of(plan, "ssm.conv_kernel"));
        var convolution = kernel is null ? null : (kernel > 0 ? kernel : UsualDeltaConvolution) - 1;
        return (3 * convolution * heads * head) + (head * head * heads);
    }

    private static UInt128? Of(ModelPlan plan, string key) => plan.Number(key) is { } number ? (UInt128)(uint)number : null;

    // A convolution keeps one input less than it looks at.
    private static UInt128? Before(ModelPlan plan, string key) => plan.Number(key) is { } kernel ? (UInt128)(uint)Math.Max(0, kernel - 1) : null;
}
