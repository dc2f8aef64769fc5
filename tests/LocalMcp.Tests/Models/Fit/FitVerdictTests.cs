using LocalMcp.Models.Fit;
using Verdict = LocalMcp.Models.Fit.Fit;

namespace LocalMcp.Tests.Models.Fit;

public sealed class FitVerdictTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    private static readonly Serving Serving = new(16_384);

    [Theory]
    [InlineData(20, 3, "Fits", "9.6 of 20.0 GB fits")]
    [InlineData(13, 3, "Fits", "9.6 of 13.0 GB fits")]
    [InlineData(12, 3, "Tight", "9.6 of 12.0 GB tight")]
    [InlineData(10, 0, "Fits", "9.6 of 10.0 GB fits")]
    [InlineData(9, 3, "TooBig", "9.6 GB, 0.6 too many")]
    [InlineData(0, 0, "TooBig", "9.6 GB, 9.6 too many")]
    public void It_fits_with_the_headroom_is_tight_without_and_too_big_beyond_what_is_free(int free, int headroom, string verdict, string cell)
    {
        var fit = Of(Need(9.0, 0.4, 0.2), free, headroom);
        Assert.Equal((verdict, cell), (fit.Fit.ToString(), fit.Cell));
        Assert.EndsWith(fit.Fit == Verdict.TooBig ? "too many" : fit.Word, fit.Cell, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_GPU_takes_or_than_is_free_without_making_room_is_tight()
    {
        var need = Need(9.0, 0.4, 0.2);
        Assert.Equal(Verdict.Tight, FitVerdict.Of(need, Serving, new MemoryBudget(20 * Gigabyte, 0) { Fast = 9 * Gigabyte }).Fit);
        Assert.Equal(Verdict.Tight, FitVerdict.Of(need, Serving, new MemoryBudget(20 * Gigabyte, 0) { Now = 9 * Gigabyte }).Fit);
        Assert.Equal(Verdict.Fits, FitVerdict.Of(need, Serving, new MemoryBudget(20 * Gigabyte, 0) { Now = 10 * Gigabyte, Fast = 10 * Gigabyte }).Fit);
    }

    [Fact]
    public void With_an_unknown_part_it_is_too_big_or_nobody_can_say()
    {
        var half = new MemoryNeed(9_600_000_000, null, null);
        Assert.Equal((Verdict.Unknown, "over 9.6 GB", "unknown"), Told(Of(half, 20, 3)));
        Assert.Equal((Verdict.TooBig, "9.6 GB, 0.6 too many", "too big"), Told(Of(half, 9, 3)));
        Assert.Equal((Verdict.Unknown, "–", "unknown"), Told(Of(new MemoryNeed(null, null, null), 20, 3)));
    }

    [Fact]
    public void Where_the_memory_is_not_known_the_need_is_told_as_it_is()
    {
        Assert.Equal((Verdict.Unknown, "9.6 GB", "unknown"), Told(FitVerdict.Of(Need(9.0, 0.4, 0.2), Serving, new MemoryBudget(null, 0))));
        Assert.Equal((Verdict.Unknown, "over 9.6 GB", "unknown"), Told(FitVerdict.Of(new MemoryNeed(9_600_000_000, null, null), Serving, new MemoryBudget(null, 0))));
    }

    [Fact]
    public void Of_a_loaded_model_what_it_takes_is_not_free_any_more_so_only_what_is_left_counts()
    {
        var need = Need(9.0, 0.4, 0.2);
        Assert.Equal((Verdict.Fits, "9.6 GB fits", "fits"), Told(FitVerdict.Of(need, Serving, new MemoryBudget(4 * Gigabyte, 3 * Gigabyte), loaded: true)));
        Assert.Equal((Verdict.Tight, "9.6 GB tight", "tight"), Told(FitVerdict.Of(need, Serving, new MemoryBudget(2 * Gigabyte, 3 * Gigabyte), loaded: true)));
        Assert.Equal(Verdict.Fits, FitVerdict.Of(need with { Cache = null }, Serving, new MemoryBudget(4 * Gigabyte, 3 * Gigabyte), loaded: true).Fit);
    }

    [Fact]
    public void The_parts_are_told_and_unknown_ones_left_out()
    {
        Assert.Equal("9.6 GB (weights 9.0, KV cache 0.4 at a context of 16,384, working buffers 0.2)", Of(Need(9.0, 0.4, 0.2), 20, 3).Parts);
        Assert.Equal("at least 9.2 GB (weights 9.0, working buffers 0.2)", Of(Need(9.0, 0, 0.2) with { Cache = null }, 20, 3).Parts);
        Assert.Equal("at least 9.0 GB (weights 9.0)", Of(new MemoryNeed(9 * Gigabyte, null, null), 20, 3).Parts);
    }

    private static (Verdict Fit, string Cell, string Word) Told(FitVerdict verdict) => (verdict.Fit, verdict.Cell, verdict.Word);

    private static FitVerdict Of(MemoryNeed need, int free, int headroom) => FitVerdict.Of(need, Serving, new MemoryBudget(free * Gigabyte, headroom * Gigabyte));

    private static MemoryNeed Need(double weights, double cache, double compute) => new((long)(weights * 1e9), (long)(cache * 1e9), (long)(compute * 1e9));
}
