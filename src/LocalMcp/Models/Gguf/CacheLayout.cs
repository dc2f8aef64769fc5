namespace LocalMcp.Models.Gguf;

/// <summary>
/// What the attention layers keep for each token. After <c>llama_hparams::n_embd_k_gqa</c>, <c>n_embd_v_gqa</c> and <c>has_kv</c>
/// (src/llama-hparams.cpp) of llama.cpp, and the layers that <c>llama_model::create_memory</c> (src/llama-model.cpp) leaves out.
/// </summary>
internal static class CacheLayout
{
    // Gemma 3n does not say which layers use those of others (src/models/gemma3n.cpp).
    private const int OwnLayersOfGemma3n = 20;

    /// <summary>Layers of the same kind together, in the order of their first; null where it cannot be said.</summary>
    public static IReadOnlyList<LayerCache>? Of(ModelPlan plan)
    {
        if (Architectures.KeepsNoKeys(plan.Architecture))
            return [];
        if (!Architectures.HasKnownCache(plan) || plan.KvHeads is not { } heads || Attending(plan) is not { } attending || SlidingWindows.Of(plan) is not { } windows)
            return null;
        var kinds = new List<LayerCache>();
        for (var layer = 0; layer < attending.Length; layer++)
        {
            if (!attending[layer] || heads[layer] == 0)
                continue;
            if (Kind(plan, heads[layer], windows.Layers[layer] ? windows.Window : null) is not { } kind)
                return null;
            Add(kinds, kind);
        }
        return kinds;
    }

    // Of one layer.
    private static LayerCache? Kind(ModelPlan plan, ulong heads, int? window)
    {
        var key = window is null ? plan.KeyLength : plan.WindowKeyLength;
        var value = plan.IsLatent ? 0 : window is null ? plan.ValueLength : plan.WindowValueLength;
        if (key is not > 0 || value is null || heads > int.MaxValue)
            return null;
        return new LayerCache(1, (long)heads * key.Value, (long)heads * value.Value, window);
    }

    private static void Add(List<LayerCache> kinds, LayerCache kind)
    {
        var same = kinds.FindIndex(known => known with { Layers = 1 } == kind);
        if (same < 0)
            kinds.Add(kind);
        else
            kinds[same] = kinds[same] with { Layers = kinds[same].Layers + 1 };
    }

    // Which layers keep keys and values of their own; null where it cannot be said.
    private static bool[]? Attending(ModelPlan plan)
    {
        if (RecurrentState.Layers(plan) is not { } recurrent)
            return null;
        var widths = plan.Architecture is "nemotron_h" or "nemotron_h_moe" ? plan.PerLayer("feed_forward_length") : null;
        var own = plan.Architecture switch
        {
            "gemma3n" => OwnLayersOfGemma3n,
            "gemma4" when plan.Has("attention.shared_kv_layers") => plan.Number("attention.shared_kv_layers") is { } shared ? recurrent.Count - shared : (int?)null,
            _ => recurrent.Count,
        };
        return own is null ? null : [.. recurrent.Select((state, layer) => layer < own && (!state || plan.Architecture == "falcon-h1") && widths?[layer] is null or 0)];
    }
}
