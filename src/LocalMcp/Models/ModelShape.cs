using System.Text.Json.Serialization;

namespace LocalMcp.Models;

/// <summary>
/// How a model is built, as far as it decides memory and speed: from the weights' own header, or from what a backend says of it. What is not known
/// is null, never a guess.
/// </summary>
internal sealed record ModelShape
{
    /// <summary>The most bytes that are believed of a model.</summary>
    public const long MostBytes = 1L << 50;

    /// <summary>As llama.cpp names it: llama, qwen3moe …</summary>
    public string? Architecture { get; init; }

    /// <summary>Numbers in all weights.</summary>
    public long? Parameters { get; init; }

    /// <summary>Numbers in the weights that one token passes: all of them but the experts that are not used for it, the layers that only predict further tokens, and what only pictures and sounds pass.</summary>
    public long? ActiveParameters { get; init; }

    /// <summary>Bytes of all weights: of the tensors, without the header. From Ollama, where it does not list the tensors, the size of the model on disk: some kilobytes to megabytes more.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>
    /// Bytes of weights that are read for one token: those of <see cref="ActiveParameters"/>, without a table of embeddings that is not the output
    /// matrix too (one row of it is read).
    /// </summary>
    public long? ActiveBytes { get; init; }

    /// <summary>Bytes of the tables of embeddings of which one token reads one row each; 0 where the only one is the output matrix too.</summary>
    public long? TableBytes { get; init; }

    /// <summary>The bytes of the weights by the type of their numbers, most first. Null where not every type is known.</summary>
    public IReadOnlyList<TypeBytes>? Types { get; init; }

    /// <summary>Layers that a token passes, without those that only predict further tokens.</summary>
    public int? Layers { get; init; }

    /// <summary>Layers behind those, that only predict further tokens; 0 where there are none.</summary>
    public int? PredictingLayers { get; init; }

    /// <summary>Layers, of <see cref="Layers"/>, that keep a state of fixed size in place of keys and values, or beside them; 0 where there are none.</summary>
    public int? RecurrentLayers { get; init; }

    /// <summary>Numbers for each token between the layers.</summary>
    public int? EmbeddingLength { get; init; }

    /// <summary>The widest layer's feed-forward part, of one expert where there are experts.</summary>
    public int? FeedForwardLength { get; init; }

    /// <summary>The feed-forward part of the layers without experts, in a model that has both kinds; null elsewhere, and where it cannot be said.</summary>
    public int? DenseFeedForwardLength { get; init; }

    /// <summary>The feed-forward part that every token passes beside the experts chosen for it, all shared experts together; 0 where there is none.</summary>
    public int? SharedFeedForwardLength { get; init; }

    /// <summary>Attention heads of the layer that has most; 0 where none has any.</summary>
    public int? Heads { get; init; }

    /// <summary>KV heads of the layer that has most; 0 where none has any.</summary>
    public int? KvHeads { get; init; }

    /// <summary>Numbers in one head's key: a quantized cache needs a multiple of its block, 32. Null without heads. Where layers with a window have another length, that of the others.</summary>
    public int? KeyLength { get; init; }

    /// <summary>Numbers in one head's value. As <see cref="KeyLength"/>.</summary>
    public int? ValueLength { get; init; }

    /// <summary>Tokens in its vocabulary.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Experts in a layer; 0 for a dense model.</summary>
    public int? Experts { get; init; }

    /// <summary>Experts that work on one token, without the shared ones; 0 for a dense model.</summary>
    public int? UsedExperts { get; init; }

    /// <summary>Experts that work on every token, as far as their number is told; 0 for a dense model.</summary>
    public int? SharedExperts { get; init; }

    /// <summary>Tokens that a layer with a sliding window looks back; 0 where none has one.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>
    /// What the attention layers keep for each token of context, layers of the same kind together. Empty for a purely recurrent model; null where
    /// it cannot be said.
    /// </summary>
    public IReadOnlyList<LayerCache>? Cache { get; init; }

    /// <summary>Numbers (of 4 bytes) that recurrent layers keep for each answer that runs, whatever its length, over all layers; 0 without such layers; null where it cannot be said.</summary>
    public long? RecurrentElements { get; init; }

    /// <summary>Numbers for each token within a recurrent layer; 0 without such layers.</summary>
    public int? RecurrentWidth { get; init; }

    /// <summary>Whether attention keeps one compressed vector for all heads (multi-head latent attention) in place of keys and values.</summary>
    public bool? LatentAttention { get; init; }

    /// <summary>As the file calls it: llama (SentencePiece), gpt2 (byte pairs) …</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Whether these can be facts of a model: nothing negative, and no product of them beyond a number of 64 bits.</summary>
    [JsonIgnore]
    public bool IsSound =>
        Array.TrueForAll([Parameters, ActiveParameters, WeightBytes, ActiveBytes, RecurrentElements], number => number is null or (>= 0 and <= MostBytes))
        && Array.TrueForAll([Layers, EmbeddingLength, FeedForwardLength, Heads, KvHeads, KeyLength, ValueLength, Vocabulary, Experts, UsedExperts, SlidingWindow, RecurrentWidth], number => number is null or (>= 0 and <= 1 << 24))
        && (Cache ?? []).All(kind => kind is { Layers: >= 0 and <= 1 << 12, KeyElements: >= 0 and <= 1 << 22, ValueElements: >= 0 and <= 1 << 22, Window: null or >= 0 });

    /// <summary>Whether its template takes tools.</summary>
    public bool? CanUseTools { get; init; }
}

/// <summary>What layers of one kind keep in the KV cache.</summary>
/// <param name="Layers">How many such layers.</param>
/// <param name="KeyElements">Numbers of keys for each token in one layer: KV heads × key length; with latent attention the compressed vector.</param>
/// <param name="ValueElements">Numbers of values for each token in one layer: KV heads × value length; 0 where the keys serve as values too.</param>
/// <param name="Window">Tokens that such a layer looks back at most; null for the whole context.</param>
internal sealed record LayerCache(int Layers, long KeyElements, long ValueElements, int? Window);

/// <summary>How many bytes of the weights are numbers of one type.</summary>
/// <param name="Type">As llama.cpp names it: Q4_K, F16 …</param>
internal sealed record TypeBytes(string Type, long Bytes);
