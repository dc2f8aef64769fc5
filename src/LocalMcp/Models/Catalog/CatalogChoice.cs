namespace LocalMcp.Models.Catalog;

/// <summary>A model of the catalog, and which of its files.</summary>
/// <param name="Variant">Null where the model was named, and not which file.</param>
internal sealed record CatalogChoice(CatalogModel Model, CatalogVariant? Variant)
{
    /// <summary>The word by which <see cref="ModelCatalog.Find"/> finds it again: <c>qwen2.5-coder-14b:Q8_0</c>.</summary>
    public string Name => Variant?.Quantization is { } quantization ? $"{Model.Name}:{quantization}" : Model.Name;

    /// <summary>One sentence; null where a user's entry says nothing.</summary>
    public string? BestFor => Variant?.BestFor ?? Model.BestFor;

    /// <summary>One of <see cref="CatalogTier.Known"/>; null where no file was chosen, or it has none.</summary>
    public string? Tier => Variant?.Tier;

    /// <summary>How it is built, as far as the catalog knows.</summary>
    public ModelShape Shape => CatalogShape.Of(Model, Variant);
}
