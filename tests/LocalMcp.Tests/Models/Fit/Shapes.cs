using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Tests.Models.Fit;

/// <summary>Shapes and machines that tests of memory are reckoned with.</summary>
internal static class Shapes
{
    public const long Gigabyte = 1_000_000_000;

    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    /// <summary>Qwen2.5-Coder-14B at 4 bit: 48 layers, 8 KV heads of 128.</summary>
    public static ModelShape Coder { get; } = new()
    {
        Parameters = 14_770_033_664,
        WeightBytes = 9 * Gigabyte,
        Layers = 48,
        EmbeddingLength = 5_120,
        FeedForwardLength = 13_824,
        Heads = 40,
        KvHeads = 8,
        KeyLength = 128,
        ValueLength = 128,
        Vocabulary = 152_064,
        Experts = 0,
        UsedExperts = 0,
        RecurrentElements = 0,
        Cache = [new LayerCache(48, 1_024, 1_024, null)],
    };

    /// <summary>A PC without a GPU: 32 GB, of which 24 are free.</summary>
    public static MachineProfile Pc { get; } = new(32 * Gigabyte, 24 * Gigabyte, 8);

    /// <summary>A Mac with an M5 and 32 GiB: models may take all but 6 GB, 28.4 GB; the GPU takes 26.8 of them.</summary>
    public static MachineProfile Mac { get; } = new(34_359_738_368, 12 * Gigabyte, 8)
    {
        Chip = "Apple M5",
        IsUnifiedMemory = true,
        GpuWorkingSet = 26_800_000_000,
        Bandwidth = new Bandwidth(153 * Gigabyte, "apple.com"),
    };

    /// <summary>A model of the catalog, by the name that finds it.</summary>
    public static CatalogChoice Named(string name) => Catalog.Find(name) ?? throw new ArgumentException($"The catalog has no {name}.", nameof(name));
}
