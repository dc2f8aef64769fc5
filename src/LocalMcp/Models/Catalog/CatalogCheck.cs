namespace LocalMcp.Models.Catalog;

/// <summary>What is wrong with a user's entries of the catalog. Pure; the settings file names file and line.</summary>
internal static class CatalogCheck
{
    /// <summary>The first trouble: a word that stands near it in the file, and what is there and what is expected; null where all is well.</summary>
    public static (string Word, string Trouble)? First(IReadOnlyList<CatalogModel> entries)
    {
        foreach (var entry in entries)
        {
            if (entry is null || HoldsNull(entry))
                return ("catalog", "catalog: a list holds null; leave the entry away");
            if (Naming(entry, entries) is { } naming)
                return (entry.Name.Length > 0 ? entry.Name : "catalog", "catalog: " + naming);
            if ((Files(entry) ?? Words(entry) ?? Figures(entry)) is { } trouble)
                return (trouble.Word ?? entry.Name, $"catalog: {entry.Name}: {trouble.Text}");
        }
        return null;
    }

    private static bool HoldsNull(CatalogModel entry) => entry.Variants.Contains(null!) || entry.Quirks.Contains(null!) || entry.AlsoKnownAs.Contains(null!);

    private static string? Naming(CatalogModel entry, IReadOnlyList<CatalogModel> entries)
    {
        if (entry.Name.Length == 0 || !entry.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'))
            return $"name is \"{entry.Name}\"; it expects lower-case letters, digits, dots, hyphens and underscores";
        return entries.Count(other => other?.Name == entry.Name) > 1 ? $"name is \"{entry.Name}\" twice; each entry needs a name of its own" : null;
    }

    private static (string? Word, string Text)? Files(CatalogModel entry)
    {
        if (entry.Variants.Count == 0)
            return (null, "it has no variants; it expects at least one like { \"ollama\": \"my-coder:7b\" } or { \"hf\": \"owner/repository:Q4_K_M\" }");
        foreach (var variant in entry.Variants)
        {
            if (variant is { Ollama: null, Hf: null, Quantization: null })
                return (null, "a variant has neither ollama nor hf nor quantization; it expects at least one of them");
            if (variant.Ollama is { } ollama && !IsOllamaName(ollama))
                return (ollama, $"ollama is \"{ollama}\"; it expects a name and a tag like my-coder:7b");
            if (variant.Hf is { } hf && !IsRepository(hf))
                return (hf, $"hf is \"{hf}\"; it expects a repository and a quantization like owner/repository:Q4_K_M");
            if (variant.Tier is { } tier && !CatalogTier.Known.Contains(tier))
                return (tier, $"tier is \"{tier}\"; it expects one of {string.Join(", ", CatalogTier.Known)}");
        }
        return null;
    }

    private static (string? Word, string Text)? Words(CatalogModel entry)
    {
        if (entry.Thinks is not (null or "no" or "can" or "always"))
            return (entry.Thinks, $"thinks is \"{entry.Thinks}\"; it expects no, can or always");
        return null;
    }

    private static (string? Word, string Text)? Figures(CatalogModel entry)
    {
        (string Name, long? Value, long Least)[] figures =
        [
            ("parameters", entry.Parameters, 1), ("active_parameters", entry.ActiveParameters, 1), ("layers", entry.Layers, 1), ("heads", entry.Heads, 1), ("kv_heads", entry.KvHeads, 1),
            ("key_length", entry.KeyLength, 1), ("value_length", entry.ValueLength, 1), ("embedding_length", entry.EmbeddingLength, 1), ("feed_forward_length", entry.FeedForwardLength, 1),
            ("vocabulary", entry.Vocabulary, 1), ("experts", entry.Experts, 0), ("used_experts", entry.UsedExperts, 0), ("context", entry.Context, 1),
            ("sliding_window: window", entry.SlidingWindow?.Window, 1), ("sliding_window: layers", entry.SlidingWindow?.Layers, 1),
            ("recurrent: layers", entry.Recurrent?.Layers, 1), ("recurrent: elements", entry.Recurrent?.Elements, 1),
            .. entry.Variants.Select(variant => ("size_bytes", variant.SizeBytes, 1L)), .. entry.Variants.Select(variant => ("ollama_size_bytes", variant.OllamaSizeBytes, 1L)),
        ];
        if (Array.Find(figures, figure => figure.Value < figure.Least) is { Name: { } name } low)
            return (null, $"{name} is {low.Value}; it expects {low.Least} or more");
        if (entry.ActiveParameters > entry.Parameters)
            return (null, $"active_parameters is {entry.ActiveParameters}; it expects at most parameters, {entry.Parameters}");
        if ((entry.SlidingWindow?.Layers ?? 0L) + (entry.Recurrent?.Layers ?? 0) is > 0 and var special && !(special <= entry.Layers))
            return (null, $"sliding_window and recurrent name {special} layers; it expects at most layers, {entry.Layers?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "which is not given"}");
        return null;
    }

    private static bool IsOllamaName(string name) => name.Split(':') is [{ Length: > 0 }, { Length: > 0 }] && !name.Any(char.IsWhiteSpace);

    private static bool IsRepository(string name) => name.Split(':') is [var repository, { Length: > 0 }] && repository.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && !name.Any(char.IsWhiteSpace);
}
