using LocalMcp.Models;
using LocalMcp.Models.Fit;

namespace LocalMcp.Tests.Models.Fit;

/// <summary>What the KV cache and the working buffers take, by hand.</summary>
public sealed class CacheMemoryTests
{
    [Theory]
    // 48 layers × 16,384 cells × 2,048 numbers, of 2 bytes; of 34 bytes for 32; of 18 for 32.
    [InlineData("f16", 1, 3_221_225_472)]
    [InlineData("q8_0", 1, 1_711_276_032)]
    [InlineData("q4_0", 1, 905_969_664)]
    [InlineData("q8_0", 4, 6_845_104_128)]
    public void A_cache_is_layers_times_cells_times_numbers_for_each_slot(string type, int slots, long bytes) =>
        Assert.Equal(bytes, CacheMemory.Of(Shapes.Coder, new Serving(16_384, slots, type)));

    [Theory]
    [InlineData(1, null, 256)]
    [InlineData(1_000, null, 1_024)]
    [InlineData(16_384, null, 16_384)]
    [InlineData(16_384, 1_024, 1_536)]
    [InlineData(16_384, 4_096, 4_608)]
    [InlineData(1_000, 1_024, 1_024)]
    [InlineData(16_384, int.MaxValue, 16_384)]
    public void A_window_keeps_itself_and_a_batch_in_whole_blocks_and_no_more_than_the_context(int context, int? window, long cells) => Assert.Equal(cells, CacheMemory.Cells(new Serving(context), window));

    [Fact]
    public void A_recurrent_state_is_the_same_whatever_the_context()
    {
        var mamba = new ModelShape { Cache = [], RecurrentElements = 1_000_000 };
        Assert.Equal(4_000_000, CacheMemory.Of(mamba, new Serving(256)));
        Assert.Equal(12_000_000, CacheMemory.Of(mamba, new Serving(131_072, 3, "q8_0")));
        var hybrid = mamba with { Cache = [new LayerCache(1, 512, 512, null)] };
        Assert.Equal(4_000_000 + (1_024 * 2 * 1_024), CacheMemory.Of(hybrid, new Serving(1_024)));
    }

    [Fact]
    public void Latent_attention_keeps_no_values() =>
        Assert.Equal(27 * 576 * 2 * 4_096L, CacheMemory.Of(new ModelShape { Cache = [new LayerCache(27, 576, 0, null)], RecurrentElements = 0 }, new Serving(4_096)));

    [Fact]
    public void What_is_not_known_is_no_number()
    {
        var serving = new Serving(4_096);
        Assert.Null(CacheMemory.Of(Shapes.Coder with { Cache = null }, serving));
        Assert.Null(CacheMemory.Of(Shapes.Coder with { RecurrentElements = null }, serving));
        Assert.Null(CacheMemory.Of(Shapes.Coder, serving with { Cache = "q9_9" }));
        Assert.Null(ComputeMemory.Of(Shapes.Coder with { EmbeddingLength = null }, serving));
        Assert.Equal(new MemoryNeed(null, null, null), MemoryNeed.Of(new ModelShape(), serving));
    }

    [Fact]
    public void A_need_with_an_unknown_part_has_no_total_and_is_at_least_what_is_known()
    {
        var need = MemoryNeed.Of(Shapes.Coder with { Cache = null }, new Serving(4_096));
        Assert.Equal((null, null), (need.Total, need.Cache));
        Assert.Equal(9 * Shapes.Gigabyte + need.Compute, need.Least);
        Assert.Equal(0, new MemoryNeed(null, null, null).Least);
    }

    [Fact]
    public void The_buffers_of_a_dense_model_are_its_widest_layer_the_mask_and_the_scores()
    {
        // (5 × 5,120 + 3 × 13,824) × 512 numbers, 2 × 152,064 scores, and a mask of 16,384 × 512 numbers of 2 bytes.
        Assert.Equal((67_072 * 512 * 4) + (304_128 * 4) + 16_777_216, ComputeMemory.Of(Shapes.Coder, new Serving(16_384)));
        // Of a whole batch: 5 × 5,120 + 152,064 numbers for each token.
        Assert.Equal((177_664 * 512 * 4) + (304_128 * 4) + 16_777_216, ComputeMemory.Of(Shapes.Coder, new Serving(16_384) { ScoresOfWholeBatch = true }));
        // Without flash attention the mask has 4 bytes, and attention a score of 4 bytes for each of 40 heads too.
        Assert.True(ComputeMemory.Of(Shapes.Coder, new Serving(16_384) { FlashAttention = false }) > 16_384L * 512 * 164);
    }

    [Fact]
    public void The_buffers_of_a_mixture_are_those_of_the_experts_that_work()
    {
        var mixture = Shapes.Coder with { EmbeddingLength = 2_048, FeedForwardLength = 768, Experts = 128, UsedExperts = 8, Heads = 8, KvHeads = 4, Vocabulary = 0, Cache = [] };
        Assert.Equal(((13 * 2_048) + (3 * 8 * 768)) * 512 * 4, ComputeMemory.Of(mixture, new Serving(4_096)));
    }

    [Fact]
    public void A_context_below_a_batch_is_computed_at_once() =>
        Assert.Equal((67_072 * 256 * 4) + (304_128 * 4) + (256 * 256 * 2), ComputeMemory.Of(Shapes.Coder, new Serving(256)));

    [Fact]
    public void The_largest_shape_that_counts_as_sound_is_reckoned_without_running_over()
    {
        var largest = new ModelShape
        {
            WeightBytes = 1L << 50,
            EmbeddingLength = 1 << 24,
            FeedForwardLength = 1 << 24,
            Heads = 1 << 24,
            KvHeads = 1 << 24,
            KeyLength = 1 << 24,
            Vocabulary = 1 << 24,
            UsedExperts = 1 << 24,
            RecurrentElements = 1L << 50,
            RecurrentWidth = 1 << 24,
            Cache = [new LayerCache(1 << 12, 1 << 22, 1 << 22, null)],
        };
        Assert.True(largest.IsSound);
        var need = MemoryNeed.Of(largest, new Serving(1_048_576));
        Assert.True(need is { Weights: > 0, Cache: > 1L << 50, Compute: > 1L << 50, Total: > 1L << 50 }, need.ToString());
    }
}
