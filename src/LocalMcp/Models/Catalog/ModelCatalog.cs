using LocalMcp.State;

namespace LocalMcp.Models.Catalog;

/// <summary>The models that people use for this, ours and the user's own. Pure: it takes settings and asks nobody.</summary>
internal sealed class ModelCatalog
{
    private readonly Dictionary<string, CatalogModel?> byWords;
    private readonly Dictionary<string, CatalogModel?> byLibrary;

    private ModelCatalog(IReadOnlyList<CatalogModel> models)
    {
        Models = models;
        byWords = Index(models, GeneralNames, Words);
        byLibrary = Index(models, OllamaNames, Library);
    }

    /// <summary>All models, by name.</summary>
    public IReadOnlyList<CatalogModel> Models { get; }

    /// <summary>Where the figures of our entries come from, by key.</summary>
    public static IReadOnlyDictionary<string, CatalogSource> Sources => CatalogFile.BuiltIn.Sources;

    /// <summary>Every file of every model.</summary>
    public IEnumerable<CatalogChoice> Choices => Models.SelectMany(model => model.Variants.Select(variant => new CatalogChoice(model, variant)));

    /// <summary>Ours and the user's; an entry of the user's replaces ours of the same name.</summary>
    public static ModelCatalog Load(Settings settings)
    {
        var own = settings.Catalog.Select(Completed).ToList();
        var rest = CatalogFile.BuiltIn.Models.Where(model => !own.Exists(entry => entry.Name == model.Name));
        return new ModelCatalog([.. rest.Concat(own).OrderBy(model => model.Name, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// What a word means: a name; a name with a quantization (<c>qwen3-8b:q8_0</c>); a name of Ollama's; a repository on Hugging Face, with a
    /// quantization or without; else a name as files and servers spell it. No fragments. Null where nothing is meant, and where a quantization is
    /// named that the catalog does not have.
    /// </summary>
    public CatalogChoice? Find(string word)
    {
        word = WithoutHost(word.Trim());
        return ByName(word) ?? ByPullName(word) ?? Spelled(byWords.GetValueOrDefault(Words(word)), word) ?? Spelled(byLibrary.GetValueOrDefault(Library(word)), word);
    }

    /// <summary>What a word that is not found may have meant: names, names with a quantization and pull names, the nearest first.</summary>
    public IReadOnlyList<string> Nearest(string word, int most) => NearestNames.Of(
        word,
        [.. Models.Select(model => model.Name), .. Choices.Select(choice => choice.Name), .. Choices.Select(choice => choice.Variant?.Ollama).OfType<string>()],
        most);

    /// <summary>
    /// Which model of the catalog a listed one is, and by its quantization which file: that of the same name, else of as many bits. Null where
    /// it is none of them, or may be another: better none than a wrong one.
    /// </summary>
    public CatalogChoice? Match(ModelFacts model)
    {
        if (model.SmokeTest)
            return null;
        var known = byWords.GetValueOrDefault(Words(model.Name));
        if (known is null && (model.OllamaNames || model.Name.Contains(':')))
            known = byLibrary.GetValueOrDefault(Library(model.Name));
        return known is null ? null : Chosen(known, CatalogName.Of(model.Name).Quantization ?? model.Quantization);
    }

    private CatalogChoice? ByName(string word)
    {
        var colon = word.IndexOf(':');
        var (name, quantization) = colon < 0 ? (word, null) : (word[..colon], word[(colon + 1)..]);
        return Models.FirstOrDefault(model => Same(model.Name, name)) switch
        {
            null => null,
            var model when quantization is null => new CatalogChoice(model, Only(model)),
            var model => VariantOf(model, quantization) is { } variant ? new CatalogChoice(model, variant) : null,
        };
    }

    private CatalogChoice? ByPullName(string word) =>
        Choices.FirstOrDefault(choice => Same(choice.Variant?.Ollama, word) || Same(choice.Variant?.Hf, word)) ?? ByRepository(word);

    private CatalogChoice? ByRepository(string word) =>
        Models.FirstOrDefault(model => model.Variants.Exists(variant => Same(variant.Hf?.Split(':')[0], word))) is { } found ? new CatalogChoice(found, Only(found)) : null;

    private static CatalogChoice? Spelled(CatalogModel? model, string word)
    {
        var quantization = CatalogName.Of(word).Quantization;
        return model is not null && Chosen(model, quantization) is var found && (found.Variant is not null || quantization is null) ? found : null;
    }

    private static CatalogChoice Chosen(CatalogModel model, string? quantization) => new(model, quantization is null ? null : VariantOf(model, quantization));

    private static CatalogVariant? VariantOf(CatalogModel model, string quantization) =>
        model.Variants.Find(variant => Same(variant.Quantization, quantization))
        ?? (CatalogName.Bits(quantization) is { } bits ? model.Variants.Find(variant => variant.Quantization is { } its && CatalogName.Bits(its) == bits) : null);

    private static CatalogVariant? Only(CatalogModel model) => model.Variants is [var variant] ? variant : null;

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string WithoutHost(string word)
    {
        string[] hosts = ["https://huggingface.co/", "huggingface.co/", "hf.co/"];
        return Array.Find(hosts, host => word.StartsWith(host, StringComparison.OrdinalIgnoreCase)) is { } host ? word[host.Length..] : word;
    }

    // The short name of ours is often that of the base model, so only the title counts where there is one.
    private static IEnumerable<string> GeneralNames(CatalogModel model) =>
        [model.Title ?? model.Name, .. model.AlsoKnownAs.Where(name => !name.Contains(':')), .. model.Variants.Select(variant => variant.Hf?.Split(':')[0]).OfType<string>()];

    private static IEnumerable<string> OllamaNames(CatalogModel model) =>
        model.AlsoKnownAs.Where(name => name.Contains(':')).Concat(model.Variants.Select(variant => variant.Ollama).OfType<string>());

    private static string Words(string name) => CatalogName.Of(name).Words;

    // In Ollama the family before the colon means something by itself: qwen2.5-coder:14b is the instructed model, elsewhere a bare 14B is the base.
    private static string Library(string name)
    {
        var colon = name.LastIndexOf(':');
        var (family, tag) = colon < 0 ? (name, "") : (name[..colon], name[(colon + 1)..]);
        return $"{family.ToLowerInvariant()}:{Words(tag)}";
    }

    // What two models share means neither.
    private static Dictionary<string, CatalogModel?> Index(IReadOnlyList<CatalogModel> models, Func<CatalogModel, IEnumerable<string>> names, Func<string, string> key) => models
        .SelectMany(model => names(model).Select(name => (Key: key(name), Model: model)))
        .GroupBy(entry => entry.Key, entry => entry.Model)
        .ToDictionary(same => same.Key, same => same.Distinct().Take(2).ToList() is [var one] ? one : null);

    // A user may leave the quantization to the pull name.
    private static CatalogModel Completed(CatalogModel model) => model with
    {
        Variants = [.. model.Variants.Select(variant => variant with { Quantization = variant.Quantization ?? CatalogName.Of(variant.Hf ?? variant.Ollama ?? "").Quantization })],
    };
}
