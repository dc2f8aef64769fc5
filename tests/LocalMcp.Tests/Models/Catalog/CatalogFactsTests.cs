using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Tests.Models.Catalog;

/// <summary>What users of these models wrote about them in 2026 holds for the catalog.</summary>
public sealed class CatalogFactsTests
{
    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    [Theory]
    [InlineData("qwen2.5-coder-14b:Q4_K_M", 8.5, 9.5)]
    [InlineData("qwen2.5-coder-14b:Q8_0", 15, 16)]
    [InlineData("qwen2.5-coder-32b:Q4_K_M", 18, 20)]
    [InlineData("qwen2.5-coder-32b:Q6_K", 25, 27)]
    [InlineData("qwen2.5-coder-32b:Q8_0", 34, 35)]
    [InlineData("qwen3-coder-30b-a3b:Q4_K_M", 18, 19)]
    [InlineData("qwen3.6-35b-a3b:Q4_K_M", 21, 22.5)]
    [InlineData("qwen3.6-35b-a3b:Q8_0", 36, 38)]
    [InlineData("gemma-3-27b:Q4_K_M", 16, 17)]
    public void A_file_has_the_size_that_is_told_of_it(string name, double least, double most) => Assert.InRange(Shape(name).WeightBytes!.Value / 1e9, least, most);

    [Theory]
    [InlineData("qwen2.5-coder-14b:Q4_K_M", "speed")]
    [InlineData("qwen2.5-coder-14b:Q8_0", "balanced")]
    [InlineData("qwen2.5-coder-32b:Q4_K_M", "quality")]
    [InlineData("qwen2.5-coder-32b:Q6_K", "best")]
    public void The_tiers_of_the_coder_are_those_of_the_team_that_uses_it(string name, string tier) => Assert.Equal(tier, Catalog.Find(name)!.Tier);

    [Fact]
    public void The_cache_of_a_70B_model_at_128K_takes_about_40_GB() => Assert.InRange(CacheBytes(Shape("llama-3.3-70b:Q4_K_M"), 131_072), 39e9, 44e9);

    [Fact]
    public void Only_every_fourth_layer_of_a_hybrid_model_keeps_keys_and_the_rest_a_fixed_state()
    {
        var shape = Shape("qwen3.6-27b:Q4_K_M");
        Assert.Equal([new LayerCache(16, 1024, 1024, null)], shape.Cache);
        Assert.InRange(shape.RecurrentElements!.Value * 4 / 1024.0 / 1024, 149.5, 149.7);
    }

    [Fact]
    public void Five_of_six_layers_of_Gemma_3_look_back_a_window()
    {
        var shape = Shape("gemma-3-27b:Q4_K_M");
        Assert.Equal([new LayerCache(10, 2048, 2048, null), new LayerCache(52, 2048, 2048, 1024)], shape.Cache);
        Assert.Equal((1024, 0L), (shape.SlidingWindow, shape.RecurrentElements));
    }

    [Fact]
    public void All_bytes_of_a_dense_model_are_read_for_a_token_and_a_tenth_of_a_mixture()
    {
        var dense = Shape("qwen2.5-coder-32b:Q6_K");
        Assert.Equal((dense.WeightBytes, dense.Parameters), (dense.ActiveBytes, dense.ActiveParameters));
        var mixture = Shape("qwen3-coder-30b-a3b:Q4_K_M");
        Assert.Equal(3_300_000_000, mixture.ActiveParameters);
        Assert.InRange((double)mixture.ActiveBytes!.Value / mixture.WeightBytes!.Value, 0.10, 0.12);
    }

    [Fact]
    public void What_is_not_known_stays_open()
    {
        var shape = Shape("gemma-4-26b-a4b:Q4_K_M");
        Assert.Null(shape.Cache);
        Assert.Null(shape.KvHeads);
        Assert.Null(shape.RecurrentElements);
        Assert.NotNull(shape.WeightBytes);
        Assert.Null(Shape("qwen3-8b").WeightBytes);
    }

    // "Leave about 40 % free for the system, the cache and the runtime."
    [Theory]
    [InlineData(8, "speed balanced")]
    [InlineData(16, "speed balanced")]
    [InlineData(24, "speed balanced quality")]
    [InlineData(32, "speed balanced quality")]
    [InlineData(36, "speed balanced quality")]
    [InlineData(48, "speed balanced quality best")]
    [InlineData(64, "speed balanced quality best")]
    [InlineData(96, "speed balanced quality best")]
    [InlineData(128, "speed balanced quality best")]
    public void There_is_something_for_machines_of_every_size(int gigabytes, string tiers) =>
        Assert.Equal(tiers.Split(' '), CatalogTier.Known.Where(tier => Catalog.Choices.Any(choice => choice.Tier == tier && choice.Variant!.SizeBytes <= gigabytes * 0.6e9)));

    [Fact]
    public void Larger_machines_have_better_choices_than_smaller_ones()
    {
        var largest = new[] { 8, 16, 32, 48, 64, 96, 128 }.Select(gigabytes => Catalog.Choices.Where(choice => choice.Variant!.SizeBytes <= gigabytes * 0.6e9).Max(choice => choice.Variant!.SizeBytes)).ToList();
        Assert.Equal(largest.Distinct().Order(), largest);
    }

    private static ModelShape Shape(string name) => Catalog.Find(name)!.Shape;

    private static double CacheBytes(ModelShape shape, int context) => shape.Cache!.Sum(layers => layers.Layers * (layers.KeyElements + layers.ValueElements) * (double)Math.Min(context, layers.Window ?? context) * 2);
}
