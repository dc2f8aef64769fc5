using LocalMcp.Models;
using LocalMcp.Models.Fit;

namespace LocalMcp.Tests.Models.Fit;

/// <summary>What would fit in place of what does not: the largest of it, and no larger.</summary>
public sealed class FitAdviceTests
{
    private static readonly Serving Wish = new(32_768, 1, "q8_0");

    [Theory]
    [InlineData(9_500_000_000)]
    [InlineData(10_000_000_000)]
    [InlineData(11_111_111_111)]
    [InlineData(12_500_000_000)]
    public void The_largest_context_fits_and_one_step_more_does_not(long bytes)
    {
        var context = FitAdvice.LargestContext(Shapes.Coder, Wish, bytes);
        Assert.NotNull(context);
        Assert.InRange(context.Value, FitAdvice.LeastContext, Wish.Context - 1);
        Assert.Equal(0, context.Value % 1_024);
        Assert.True(Total(context.Value) <= bytes && Total(context.Value + 1_024) > bytes);
    }

    [Fact]
    public void Where_the_whole_context_fits_it_is_the_largest_whatever_its_step() => Assert.Equal(30_001, FitAdvice.LargestContext(Shapes.Coder, Wish with { Context = 30_001 }, 100_000_000_000));

    [Fact]
    public void The_bounds_count()
    {
        Assert.Equal(2_048, FitAdvice.LargestContext(Shapes.Coder, Wish, Total(2_048)));
        Assert.Null(FitAdvice.LargestContext(Shapes.Coder, Wish, Total(2_048) - 1));
        Assert.Equal(512, FitAdvice.LargestContext(Shapes.Coder, Wish with { Context = 512 }, Total(512)));
        Assert.Null(FitAdvice.LargestContext(Shapes.Coder, Wish with { Context = 512 }, Total(512) - 1));
        Assert.Null(FitAdvice.LargestContext(Shapes.Coder with { Cache = null }, Wish, long.MaxValue));
    }

    [Theory]
    [InlineData(16.5, "Q6_K")]
    [InlineData(14.5, "Q5_K_M")]
    [InlineData(12.0, "Q3_K_M")]
    [InlineData(9.4, null)]
    public void The_largest_quantization_is_the_first_below_the_present_one_that_fits(double gigabytes, string? name)
    {
        // At 8 bit the cache of 32,768 tokens and the buffers take 3.6 GB beside the weights.
        var found = FitAdvice.LargestQuantization(Shapes.Coder with { WeightBytes = 15_700_000_000 }, Wish, (long)(gigabytes * 1e9));
        Assert.Equal(name, found?.Name.Name);
        Assert.True(found is null || found.Value.Bytes <= gigabytes * 1e9);
    }

    [Fact]
    public void No_quantization_is_found_that_is_not_smaller_or_of_which_too_little_is_known()
    {
        Assert.Null(FitAdvice.LargestQuantization(Shapes.Coder with { WeightBytes = 5_000_000_000 }, Wish, long.MaxValue));
        Assert.Null(FitAdvice.LargestQuantization(Shapes.Coder with { Parameters = null }, Wish, long.MaxValue));
        Assert.Null(FitAdvice.LargestQuantization(Shapes.Coder with { WeightBytes = null }, Wish, long.MaxValue));
        Assert.Null(FitAdvice.LargestQuantization(Shapes.Coder with { Cache = null }, Wish, long.MaxValue));
    }

    [Theory]
    [InlineData(11, " It would fit with a context of 17,408.")]
    [InlineData(9, " At Q2_K it would fit, with about 7.7 GB.")]
    [InlineData(7, " No usual quantization of it would fit.")]
    public void The_sentence_ends_with_what_would_fit(int gigabytes, string end)
    {
        var sentence = Sentence(Shapes.Coder, gigabytes == 11 ? Wish : Wish with { Context = 16_384 }, gigabytes);
        Assert.EndsWith(end, sentence, StringComparison.Ordinal);
        Assert.StartsWith("coder is too big for this machine now, by our estimate: it needs 1", sentence, StringComparison.Ordinal);
        Assert.Contains($" more than the {gigabytes}.0 GB that are free.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_is_not_known_nothing_is_claimed()
    {
        var halfKnown = Sentence(Shapes.Coder with { Cache = null }, Wish, 5);
        Assert.Equal("coder is too big for this machine now, by our estimate: it needs at least 9.1 GB (weights 9.0, working buffers 0.1), 4.1 GB more than the 5.0 GB that are free.", halfKnown);
        Assert.EndsWith(" that are free.", Sentence(new ModelShape { WeightBytes = 9_000_000_000 }, Wish, 5), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_free_can_be_told_in_other_words_and_then_it_is_not_about_now() =>
        Assert.Contains("big for this machine, by our estimate: ", FitAdvice.TooBig("It", Shapes.Coder, Verdict(Shapes.Coder, Wish, 5), "that models may ever take here"), StringComparison.Ordinal);

    private static long Total(int context) => MemoryNeed.Of(Shapes.Coder, Wish with { Context = context }).Total!.Value;

    private static FitVerdict Verdict(ModelShape shape, Serving serving, int gigabytes) => FitVerdict.Of(MemoryNeed.Of(shape, serving), serving, new MemoryBudget(gigabytes * Shapes.Gigabyte, 0));

    private static string Sentence(ModelShape shape, Serving serving, int gigabytes) => FitAdvice.TooBig("coder", shape, Verdict(shape, serving, gigabytes));
}
