using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Speed;
using LocalMcp.State;
using LocalMcp.Tests.Models.Fit;

namespace LocalMcp.Tests.Models.Catalog;

/// <summary>What is said of an active model that is a poor fit, and what in its place.</summary>
public sealed class AdviceTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());
    private static readonly Serving Serving = new(4_096);
    private static readonly MemoryBudget Budget = new(20 * Gigabyte, 3 * Gigabyte);

    private static readonly Recommendation Better = new(Goal.Balanced, Shapes.Named("qwen2.5-coder-14b:Q8_0"), Fit(17, Budget), new ModelSpeed(18, IsMeasured: false));

    [Fact]
    public void Nothing_is_said_of_a_good_fit_of_an_unknown_one_and_of_the_smoke_test()
    {
        Assert.Null(On(Entry("a", Fit(9, Budget))));
        Assert.Null(On(Entry("a", null)));
        Assert.Null(On(Entry("a", FitVerdict.Of(new MemoryNeed(9 * Gigabyte, null, null), Serving, Budget))));
        Assert.Null(On(Entry("a", Fit(30, Budget)) with { Model = new ModelFacts { Name = "smoke-test", Backend = "engine", SmokeTest = true } }));
    }

    [Fact]
    public void Too_big_tight_and_slow_are_told_apart()
    {
        Assert.Equal("Advice: a does not fit into the memory by our estimate (30.0 GB, 10.0 too many).", On(Entry("a", Fit(30, Budget))));
        Assert.Equal("Advice: a is a tight fit by our estimate (18.0 of 20.0 GB tight).", On(Entry("a", Fit(18, Budget))));
        Assert.Equal("Advice: a is slow here, 3.5 tok/s measured: good for background work only.", On(Entry("a", Fit(9, Budget)) with { Speed = new ModelSpeed(3.5, IsMeasured: true) }));
    }

    [Fact]
    public void A_loaded_model_is_told_what_it_leaves_where_that_is_little()
    {
        var little = FitVerdict.Of(Need(9), Serving, Budget with { Free = 2 * Gigabyte }, loaded: true);
        Assert.Equal("Advice: a leaves 2.0 GB of memory free, so the system may begin to swap.", On(Entry("a", little)));
        // Beyond what the GPU takes, with much left over: nothing swaps.
        var beyond = FitVerdict.Of(Need(9), Serving, Budget with { Fast = 8 * Gigabyte }, loaded: true);
        Assert.StartsWith("Advice: a needs 9.0 GB by our estimate, and the GPU takes 8.0 GB; ", On(Entry("a", beyond)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_there_and_fits_is_named_with_its_number()
    {
        var there = Entry("Qwen2.5-Coder-14B-Instruct-Q8_0", Fit(17, Budget)) with { Number = 3 };
        Assert.EndsWith(" too many). Qwen2.5-Coder-14B-Instruct-Q8_0 fits: set_model 3 switches to it.", On(Entry("a", Fit(30, Budget)), there), StringComparison.Ordinal);
        Assert.DoesNotContain("set_model 3", On(Entry("a", Fit(30, Budget)), there with { Fit = Fit(25, Budget) }), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_is_named_with_its_figures_and_how_to_get_it() =>
        Assert.EndsWith(" too many). qwen2.5-coder-14b:Q8_0 would fit: 17.0 GB, 18 tok/s est.; `local-mcp pull qwen2.5-coder-14b:Q8_0` fetches it.", With(Better, Entry("a", Fit(30, Budget))), StringComparison.Ordinal);

    [Fact]
    public void The_same_model_is_no_advice_and_a_smaller_file_of_it_is_one()
    {
        Assert.EndsWith(" too many).", With(Better, Entry("Qwen2.5-Coder-14B-Instruct-Q8_0", Fit(30, Budget))), StringComparison.Ordinal);
        Assert.Contains("`local-mcp pull qwen2.5-coder-14b:Q8_0`", With(Better, Entry("Qwen2.5-Coder-14B-Instruct-Q6_K", Fit(30, Budget))), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_one_line() => Assert.DoesNotContain('\n', With(Better, Entry("a", Fit(30, Budget)))!);

    // The others are what is listed; without any, nothing better is known.
    private static string? On(MenuEntry active, params MenuEntry[] others) => Advice.On(active with { IsActive = true }, [active with { IsActive = true }, .. others], others.Length > 0 ? Better : null, Catalog);

    private static string? With(Recommendation better, MenuEntry active) => Advice.On(active with { IsActive = true }, [active with { IsActive = true }], better, Catalog);

    private static MenuEntry Entry(string name, FitVerdict? fit) => new(1, new ModelFacts { Name = name, Backend = "ollama" }, IsActive: false, fit, null, null);

    private static FitVerdict Fit(int gigabytes, MemoryBudget budget) => FitVerdict.Of(Need(gigabytes), Serving, budget);

    private static MemoryNeed Need(int gigabytes) => new(gigabytes * Gigabyte, 0, 0);
}
