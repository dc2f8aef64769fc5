namespace LocalMcp.Models.Gguf;

/// <summary>
/// The layers of a model and their heads, with the defaults that llama.cpp fills in (<c>load_hparams</c> in src/llama-model.cpp): without
/// <c>head_count_kv</c> every head has its own keys, without <c>key_length</c> or <c>value_length</c> a head is embedding_length / head_count wide.
/// </summary>
internal sealed class ModelPlan
{
    private readonly GgufMetadata metadata;
    private readonly string architecture;

    public ModelPlan(GgufMetadata metadata)
    {
        this.metadata = metadata;
        architecture = metadata.Text("general.architecture") ?? "";
        Predicting = Number("nextn_predict_layers") ?? 0;
        Blocks = Number("block_count") is > 0 and <= GgufMetadata.MostLayers and var blocks && blocks > Predicting ? blocks : null;
        Layers = Blocks - Predicting;
        Heads = PerLayer("attention.head_count");
        KvHeads = Has("attention.head_count_kv") ? PerLayer("attention.head_count_kv") : Heads;
        KeyLength = Length("key");
        ValueLength = Length("value");
    }

    public string Architecture => architecture;

    /// <summary>All blocks of the file; null where that makes no sense.</summary>
    public int? Blocks { get; }

    /// <summary>The last of them, which only predict further tokens.</summary>
    public int Predicting { get; }

    /// <summary>The others.</summary>
    public int? Layers { get; }

    /// <summary>Attention heads of each layer; null where they are not told.</summary>
    public IReadOnlyList<ulong>? Heads { get; }

    /// <summary>KV heads of each layer; null where they are not told.</summary>
    public IReadOnlyList<ulong>? KvHeads { get; }

    /// <summary>Numbers in one head's key; null without heads.</summary>
    public int? KeyLength { get; }

    /// <summary>Numbers in one head's value; null without heads.</summary>
    public int? ValueLength { get; }

    /// <summary>The same for a layer with a sliding window.</summary>
    public int? WindowKeyLength => Has("attention.key_length_swa") ? Number("attention.key_length_swa") : KeyLength;

    /// <summary>The same for a layer with a sliding window.</summary>
    public int? WindowValueLength => Has("attention.value_length_swa") ? Number("attention.value_length_swa") : ValueLength;

    /// <summary>Whether attention keeps one compressed vector (<c>llama_hparams::is_mla</c> in src/llama-hparams.cpp).</summary>
    public bool IsLatent => Number("attention.key_length_mla") is > 0 && Number("attention.value_length_mla") is > 0;

    /// <summary>The number under a key of this architecture.</summary>
    public int? Number(string key) => metadata.Number($"{architecture}.{key}");

    /// <summary>A number for each layer under a key of this architecture.</summary>
    public IReadOnlyList<ulong>? PerLayer(string key) => Layers is { } layers ? metadata.PerLayer($"{architecture}.{key}", layers) : null;

    /// <summary>Whether a key of this architecture begins so.</summary>
    public bool Has(string key) => metadata.Has($"{architecture}.{key}");

    /// <summary>Whether a key of this architecture holds a list for each layer.</summary>
    public bool HasList(string key) => metadata.HasList($"{architecture}.{key}");

    // llama.cpp gives no head a length where the first layer has none, as in recurrent models.
    private int? Length(string what)
    {
        if (Heads is not [> 0 and var first, ..])
            return null;
        return Has($"attention.{what}_length") ? Number($"attention.{what}_length") is > 0 and var told && !metadata.HasList($"{architecture}.attention.{what}_length") ? told : null
            : (ulong?)Number("embedding_length") / first is > 0 and var width ? (int)width
            : null;
    }
}
