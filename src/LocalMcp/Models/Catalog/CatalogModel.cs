namespace LocalMcp.Models.Catalog;

/// <summary>
/// A model of the catalog: what it is good for, where it is pulled from, and the figures that memory and speed are computed from. What is
/// not known is null, never a guess. docs/catalog.md explains every field; a user's entry in settings.json has the same ones.
/// </summary>
internal sealed record CatalogModel
{
    /// <summary>What users call it: lower-case letters, digits, <c>.</c> <c>-</c> <c>_</c>. A user's entry replaces ours of the same name. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>What its makers call it, with Instruct or the date where there are others without.</summary>
    public string? Title { get; set; }

    /// <summary>Further names that listed models go by. One with a colon is a name in Ollama's library.</summary>
    public List<string> AlsoKnownAs { get; set; } = [];

    /// <summary>As llama.cpp names it (src/llama-arch.cpp): qwen2, gemma3 …</summary>
    public string? Architecture { get; set; }

    /// <summary>Numbers in all weights, as precisely as its makers say.</summary>
    public long? Parameters { get; set; }

    /// <summary>Numbers in the weights that one token passes; null for a dense model, whose tokens pass all.</summary>
    public long? ActiveParameters { get; set; }

    /// <summary>Layers that a token passes.</summary>
    public int? Layers { get; set; }

    /// <summary>Attention heads of one layer.</summary>
    public int? Heads { get; set; }

    /// <summary>KV heads of one attention layer.</summary>
    public int? KvHeads { get; set; }

    /// <summary>Numbers in one head's key.</summary>
    public int? KeyLength { get; set; }

    /// <summary>Numbers in one head's value.</summary>
    public int? ValueLength { get; set; }

    /// <summary>Numbers for each token between the layers.</summary>
    public int? EmbeddingLength { get; set; }

    /// <summary>The widest layer's feed-forward part, of one expert where all layers have experts.</summary>
    public int? FeedForwardLength { get; set; }

    /// <summary>Tokens in its vocabulary.</summary>
    public int? Vocabulary { get; set; }

    /// <summary>Experts in a layer; 0 for a dense model.</summary>
    public int? Experts { get; set; }

    /// <summary>Experts that are chosen for one token; 0 for a dense model.</summary>
    public int? UsedExperts { get; set; }

    /// <summary>The layers that look back a limited number of tokens; null where there are none.</summary>
    public CatalogWindow? SlidingWindow { get; set; }

    /// <summary>The layers that keep a state in place of keys and values; null where there are none.</summary>
    public CatalogRecurrence? Recurrent { get; set; }

    /// <summary>Context length that it was trained for, in tokens.</summary>
    public int? Context { get; set; }

    /// <summary>As Hugging Face names it: apache-2.0, gemma …</summary>
    public string? License { get; set; }

    /// <summary>Whether it reasons before it answers: no, can, or always.</summary>
    public string? Thinks { get; set; }

    /// <summary>One sentence: what it is good for.</summary>
    public string? BestFor { get; set; }

    /// <summary>What surprises its users.</summary>
    public List<CatalogQuirk> Quirks { get; set; } = [];

    /// <summary>The source of layers, heads, widths, vocabulary, experts, window and recurrent layers.</summary>
    public string? ShapeSource { get; set; }

    /// <summary>The source of parameters, context, licence and thinking.</summary>
    public string? CardSource { get; set; }

    /// <summary>In which files it comes, from small to large.</summary>
    public List<CatalogVariant> Variants { get; set; } = [];
}

/// <summary>Layers with a sliding window.</summary>
internal sealed record CatalogWindow
{
    /// <summary>Tokens that such a layer looks back at most. 1 or more.</summary>
    public int Window { get; set; }

    /// <summary>How many layers have one. 1 to all.</summary>
    public int Layers { get; set; }
}

/// <summary>Recurrent layers.</summary>
internal sealed record CatalogRecurrence
{
    /// <summary>How many layers are recurrent. 1 to all.</summary>
    public int Layers { get; set; }

    /// <summary>Numbers (of 4 bytes) that they keep together for each answer that runs. 1 or more.</summary>
    public long Elements { get; set; }
}

/// <summary>Something that surprises users of a model.</summary>
internal sealed record CatalogQuirk
{
    /// <summary>One sentence.</summary>
    public string What { get; set; } = "";

    /// <summary>Where it was seen.</summary>
    public string? Source { get; set; }
}
