namespace LocalMcp.Models.Catalog;

/// <summary>A model of the catalog in the words in which memory and speed are computed.</summary>
internal static class CatalogShape
{
    /// <param name="variant">Null where no file was chosen: then there are no bytes.</param>
    public static ModelShape Of(CatalogModel model, CatalogVariant? variant)
    {
        var cache = Cache(model);
        return new ModelShape
        {
            Architecture = model.Architecture,
            Parameters = model.Parameters,
            ActiveParameters = Active(model),
            WeightBytes = variant?.SizeBytes,
            ActiveBytes = ActiveBytes(model, variant?.SizeBytes),
            Layers = model.Layers,
            EmbeddingLength = model.EmbeddingLength,
            FeedForwardLength = model.FeedForwardLength,
            Heads = model.Heads,
            KvHeads = model.KvHeads,
            KeyLength = model.KeyLength,
            ValueLength = model.ValueLength,
            Vocabulary = model.Vocabulary,
            Experts = model.Experts,
            UsedExperts = model.UsedExperts,
            SlidingWindow = model.SlidingWindow?.Window ?? (cache is null ? null : 0),
            Cache = cache,
            RecurrentElements = model.Recurrent?.Elements ?? (cache is null ? null : 0),
            LatentAttention = cache is null ? null : false,
        };
    }

    private static long? Active(CatalogModel model) => model.ActiveParameters ?? (model.Experts == 0 ? model.Parameters : null);

    // As if every weight took the same bytes: the experts of a mixture are mostly quantized harder than the rest, so this is rather too little.
    private static long? ActiveBytes(CatalogModel model, long? size) =>
        size is { } bytes && model.Parameters is > 0 and var all && Active(model) is { } active ? (long)(bytes * (double)active / all) : null;

    private static List<LayerCache>? Cache(CatalogModel model)
    {
        if (model is not { Layers: { } layers, KvHeads: { } heads, KeyLength: { } key, ValueLength: { } value })
            return null;
        var windowed = model.SlidingWindow?.Layers ?? 0;
        LayerCache[] groups =
        [
            new(layers - windowed - (model.Recurrent?.Layers ?? 0), (long)heads * key, (long)heads * value, null),
            new(windowed, (long)heads * key, (long)heads * value, model.SlidingWindow?.Window),
        ];
        return [.. groups.Where(group => group.Layers > 0)];
    }
}
