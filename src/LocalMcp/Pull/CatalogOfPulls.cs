using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Gguf;
using LocalMcp.State;

namespace LocalMcp.Pull;

/// <summary>What pull asks the catalog and the memory fit.</summary>
internal static class CatalogOfPulls
{
    /// <summary>The catalog as pull sees it: ours and the user's entries.</summary>
    public static PullCatalog Of(SettingsFile settings, MachineReader machines)
    {
        var catalog = new Lazy<ModelCatalog>(() => ModelCatalog.Load(settings.Read()), LazyThreadSafetyMode.PublicationOnly);
        return new PullCatalog
        {
            Find = word => Source(catalog.Value.Find(word)),
            Names = () => [.. catalog.Value.Models.Select(model => model.Name), .. catalog.Value.Choices.Select(choice => choice.Name)],
            OllamaNames = () => catalog.Value.Choices.Select(choice => choice.Variant?.Ollama).OfType<string>(),
            Repositories = () => catalog.Value.Choices.Select(choice => choice.Variant?.Hf?.Split(':')[0]).OfType<string>().Distinct(),
            OllamaObjection = name => Ollamas(catalog.Value, name) is { } choice ? FitToKeep.Objection(name, OllamasShape(choice), machines.Read(), settings.Read()) : null,
        };
    }

    /// <summary>The memory fit of a header, for all parts of the model together.</summary>
    public static PullFit Fit(SettingsFile settings, MachineReader machines) => (header, bytes) =>
        FitToKeep.Objection("It", (header.Shape.IsSound ? header.Shape : new()) with { WeightBytes = bytes }, machines.Read(), settings.Read());

    // From Hugging Face where the catalog knows a file there, for what is there can be checked before it comes.
    private static PullSource? Source(CatalogChoice? choice) => choice switch
    {
        null => null,
        { Variant.Hf: { } file } => PullName.Parse($"hf:{file}"),
        { Variant.Ollama: { } name } => new PullSource.Ollama(name),
        { Variant: null, Model.Variants: [{ Hf: { } file }, ..] } => PullName.Parse($"hf:{file}"),
        { Variant: null, Model.Variants: [{ Ollama: { } name }, ..] } => new PullSource.Ollama(name),
        _ => null,
    };

    private static CatalogChoice? Ollamas(ModelCatalog catalog, string name) =>
        catalog.Choices.FirstOrDefault(choice => string.Equals(choice.Variant?.Ollama, name, StringComparison.OrdinalIgnoreCase));

    private static Models.ModelShape OllamasShape(CatalogChoice choice) => choice.Shape with { WeightBytes = choice.Variant?.OllamaSizeBytes ?? choice.Variant?.SizeBytes };
}
