using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.State;
using Verdict = LocalMcp.Models.Fit.Fit;

namespace LocalMcp.Tests.Models.Fit;

/// <summary>What users of these models wrote about their memory in 2026 comes out of the estimate.</summary>
public sealed class FactsOfUsersTests
{
    [Fact]
    public void The_32B_coder_at_6_bit_has_about_26_GB_of_weights_and_is_a_tight_fit_on_a_32_GB_Mac()
    {
        var fit = On32("qwen2.5-coder-32b:Q6_K");
        Assert.InRange(fit.Need.Weights!.Value / 1e9, 25.5, 27);
        Assert.Equal((Verdict.Tight, FitAdvice.LeastContext), (fit.Fit, fit.Serving.Context / FitAdvice.LeastContext * FitAdvice.LeastContext));
    }

    [Theory]
    [InlineData("qwen2.5-coder-14b:Q4_K_M", "Fits")]
    [InlineData("qwen2.5-coder-14b:Q8_0", "Fits")]
    [InlineData("qwen2.5-coder-32b:Q4_K_M", "Fits")]
    [InlineData("qwen2.5-coder-32b:Q8_0", "TooBig")]
    [InlineData("qwen3.6-35b-a3b:Q4_K_M", "Fits")]
    [InlineData("llama-3.3-70b:Q4_K_M", "TooBig")]
    public void On_a_32_GB_Mac_up_to_26_GB_stay_fit(string name, string verdict) => Assert.Equal(verdict, On32(name).Fit.ToString());

    [Theory]
    [InlineData("f16", 39, 44)]
    [InlineData("q8_0", 20, 24)]
    public void The_cache_of_a_70B_model_at_128K_is_about_40_GB_and_8_bit_halves_it(string type, int least, int most) =>
        Assert.InRange(CacheMemory.Of(Shapes.Named("llama-3.3-70b:Q4_K_M").Shape, new Serving(131_072, 1, type))!.Value / 1e9, least, most);

    [Fact]
    public void The_mixture_35B_A3B_at_4_bit_takes_about_22_GB_for_all_its_experts_and_little_for_its_context()
    {
        var need = MemoryNeed.Of(Shapes.Named("qwen3.6-35b-a3b:Q4_K_M").Shape, new Serving(65_536, 1, "q8_0"));
        Assert.InRange(need.Weights!.Value / 1e9, 21, 22.5);
        Assert.InRange(need.Cache!.Value / 1e9, 0.5, 2.4);
        Assert.InRange(need.Total!.Value / 1e9, 22, 24.5);
    }

    private static FitVerdict On32(string name)
    {
        var shape = Shapes.Named(name).Shape;
        var model = new ModelFacts { Name = name, Backend = "engine", SizeBytes = shape.WeightBytes, Loaded = false, TrainedContext = 32_768 };
        return Fitting.Of(model, shape, [model], Shapes.Mac with { AvailableMemory = 28 * Shapes.Gigabyte }, new Settings());
    }
}
