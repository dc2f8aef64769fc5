namespace LocalMcp.Models.Catalog;

/// <summary>One file of a model: a quantization, its size, and the names by which it is pulled. At least one of the three names is there.</summary>
internal sealed record CatalogVariant
{
    /// <summary>Q4_K_M, Q8_0, MXFP4 … Null in a user's entry means: as the pull name says.</summary>
    public string? Quantization { get; set; }

    /// <summary>One of <see cref="CatalogTier.Known"/>.</summary>
    public string? Tier { get; set; }

    /// <summary>One sentence: what this file is good for.</summary>
    public string? BestFor { get; set; }

    /// <summary>Bytes of the GGUF file on Hugging Face, all parts together.</summary>
    public long? SizeBytes { get; set; }

    /// <summary>The source of <see cref="SizeBytes"/>.</summary>
    public string? Source { get; set; }

    /// <summary>Repository and quantization on Hugging Face: <c>owner/repository:Q4_K_M</c>.</summary>
    public string? Hf { get; set; }

    /// <summary>The name by which Ollama pulls it: <c>name:tag</c>.</summary>
    public string? Ollama { get; set; }

    /// <summary>Bytes that Ollama pulls under that name. Not the same file: it may hold what reads images, or other quantizations of some tensors.</summary>
    public long? OllamaSizeBytes { get; set; }

    /// <summary>The source of <see cref="OllamaSizeBytes"/>.</summary>
    public string? OllamaSource { get; set; }
}

/// <summary>What a file is chosen for.</summary>
internal static class CatalogTier
{
    /// <summary>
    /// From the first to the last more care and less speed: quick look-ups and frequent calls; everyday coding; refactoring and review; the
    /// best answers, without hurry.
    /// </summary>
    public static IReadOnlyList<string> Known { get; } = ["speed", "balanced", "quality", "best"];
}
