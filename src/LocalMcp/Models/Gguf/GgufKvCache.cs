namespace LocalMcp.Models.Gguf;

/// <summary>
/// What a model keeps in its KV cache for each token: over all layers, KV heads × (key length + value length) numbers. After llama.cpp's
/// <c>llama_hparams::n_embd_k_gqa</c> and <c>n_embd_v_gqa</c> (src/llama-hparams.cpp); the keys and their defaults are those of
/// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md: without <c>head_count_kv</c> every head has its own keys, without
/// <c>key_length</c> or <c>value_length</c> a head is embedding_length / head_count wide.
/// </summary>
/// <remarks>
/// Null where the formula would be wrong: latent attention (<c>kv_lora_rank</c>), recurrent and hybrid models (<c>ssm</c>, <c>wkv</c>,
/// <c>shortconv</c>, <c>kda</c>), caches with an index beside them (<c>indexer</c>), layers that share a cache (<c>shared_kv_layers</c>, and
/// Gemma 3n, which does not say so) or have their own widths in a sliding window (<c>key_length_swa</c>). Layers with a sliding window
/// of the common width count in full: for those models the number is an upper bound.
/// </remarks>
/// <param name="ElementsPerToken">Numbers per token, not bytes: times two for F16, times 34 / 32 for Q8_0. 0 or more.</param>
/// <param name="KeyLength">Numbers in one head's key.</param>
/// <param name="ValueLength">Numbers in one head's value.</param>
internal sealed record GgufKvCache(long? ElementsPerToken, int? KeyLength, int? ValueLength)
{
    private static readonly string[] OtherFormulas =
    [
        "attention.kv_lora_rank", "attention.key_length_mla", "attention.indexer.", "attention.shared_kv_layers", "attention.key_length_swa", "attention.value_length_swa",
        "ssm.", "wkv.", "shortconv.", "kda.",
    ];

    public static GgufKvCache Of(GgufMetadata metadata, string architecture)
    {
        var key = HeadLength(metadata, architecture, "key");
        var value = HeadLength(metadata, architecture, "value");
        return new GgufKvCache(IsPlain(metadata, architecture) ? Elements(metadata, architecture, key, value) : null, key, value);
    }

    private static bool IsPlain(GgufMetadata metadata, string architecture) =>
        architecture != "gemma3n" && !Array.Exists(OtherFormulas, part => metadata.Has($"{architecture}.{part}"));

    private static long? Elements(GgufMetadata metadata, string architecture, int? key, int? value)
    {
        if (Layers(metadata, architecture) is not { } layers || KvHeads(metadata, architecture, layers) is not { } heads || key is null || value is null)
            return null;
        var total = heads.Aggregate((UInt128)0, (sum, count) => sum + count) * ((UInt128)key.Value + (UInt128)value.Value);
        return total <= long.MaxValue ? (long)total : null;
    }

    // The layers that predict further tokens are counted among the blocks, and keep nothing in this cache.
    private static int? Layers(GgufMetadata metadata, string architecture) =>
        metadata.Number($"{architecture}.block_count") - (metadata.Number($"{architecture}.nextn_predict_layers") ?? 0) is > 0 and var layers ? layers : null;

    private static IReadOnlyList<ulong>? KvHeads(GgufMetadata metadata, string architecture, int layers) =>
        metadata.Has($"{architecture}.attention.head_count_kv")
            ? metadata.PerLayer($"{architecture}.attention.head_count_kv", layers)
            : metadata.PerLayer($"{architecture}.attention.head_count", layers);

    private static int? HeadLength(GgufMetadata metadata, string architecture, string what)
    {
        if (metadata.Number($"{architecture}.attention.{what}_length") is { } told)
            return told;
        var heads = metadata.PerLayer($"{architecture}.attention.head_count", Layers(metadata, architecture) ?? 0);
        return metadata.Number($"{architecture}.embedding_length") is { } width && heads is [> 0 and var first, ..] ? (int)((ulong)width / first) : null;
    }
}
