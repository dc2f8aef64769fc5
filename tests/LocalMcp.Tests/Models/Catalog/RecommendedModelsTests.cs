using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.State;
using LocalMcp.Tests.Models.Fit;
using Verdict = LocalMcp.Models.Fit.Fit;

namespace LocalMcp.Tests.Models.Catalog;

public sealed class RecommendedModelsTests
{
    private const long Gigabyte = Shapes.Gigabyte;

    private static readonly ModelCatalog Catalog = ModelCatalog.Load(new Settings());

    public static TheoryData<int, int> Macs => new() { { 16, 120 }, { 24, 120 }, { 32, 153 }, { 36, 150 }, { 48, 273 }, { 64, 400 }, { 128, 546 } };

    [Theory]
    [MemberData(nameof(Macs))]
    public void On_a_Mac_it_fits_leaves_the_headroom_and_is_fast_enough_for_the_goal(int gibibytes, int bandwidth)
    {
        var machine = Mac(gibibytes, bandwidth);
        foreach (var (goal, least) in new[] { (Goal.Speed, 30), (Goal.Balanced, 18), (Goal.Quality, 8) })
        {
            var found = Recommendation.For(goal, Catalog, machine, new Settings());
            Assert.NotNull(found);
            Assert.Equal((goal, Verdict.Fits), (found.Goal, found.Fit.Fit));
            Assert.True(found.Fit.Need.Total <= machine.MostForModels - machine.Headroom, found.Choice.Name);
            Assert.True(found.Speed!.TokensPerSecond >= least, $"{found.Choice.Name} {found.Speed}");
            Assert.NotEqual("always", found.Choice.Model.Thinks);
        }
    }

    [Fact]
    public void Better_goals_get_models_of_better_tiers()
    {
        foreach (var machine in new[] { Mac(16, 120), Mac(32, 153), Mac(64, 400), Shapes.Pc })
        {
            var tiers = Enum.GetValues<Goal>().Select(goal => CatalogTier.Known.ToList().IndexOf(Recommendation.For(goal, Catalog, machine, new Settings())!.Choice.Tier!)).ToList();
            Assert.Equal(tiers.Order(), tiers);
        }
    }

    [Fact]
    public void Where_nothing_is_fast_enough_it_is_the_fastest_that_fits()
    {
        var found = Recommendation.For(Goal.Speed, Catalog, Mac(32, 4), new Settings())!;
        Assert.True(found.Speed!.TokensPerSecond < 30);
        Assert.Equal(Catalog.Choices.Min(choice => choice.Shape.ActiveBytes), found.Choice.Shape.ActiveBytes);
    }

    [Fact]
    public void A_processor_alone_gets_a_model_without_a_claimed_speed()
    {
        foreach (var goal in Enum.GetValues<Goal>())
            Assert.Null(Recommendation.For(goal, Catalog, Shapes.Pc, new Settings())!.Speed);
    }

    [Fact]
    public void Nothing_is_recommended_where_nothing_fits_or_nothing_is_known()
    {
        Assert.Null(Recommendation.For(Goal.Speed, Catalog, new MachineProfile(Gigabyte / 2, Gigabyte / 2, 1), new Settings()));
        Assert.Null(Recommendation.For(Goal.Speed, Catalog, new MachineProfile(null, null, null), new Settings()));
    }

    [Fact]
    public void What_is_in_memory_now_does_not_matter() =>
        Assert.Equal(Recommendation.For(Goal.Quality, Catalog, Shapes.Mac, new Settings()), Recommendation.For(Goal.Quality, Catalog, Shapes.Mac with { AvailableMemory = 1, TakenMemory = 20 * Gigabyte }, new Settings()));

    [Fact]
    public void With_a_card_it_is_a_model_that_the_card_holds_at_the_speed_of_the_card()
    {
        var machine = Shapes.Pc with { Cards = [new GraphicsCard("NVIDIA GeForce RTX 4090", 24 * Gigabyte, 23 * Gigabyte, new Bandwidth(1_008 * Gigabyte, "nvidia.com"))] };
        var found = Recommendation.For(Goal.Quality, Catalog, machine, new Settings())!;
        Assert.InRange(found.Fit.Need.Total!.Value, 10 * Gigabyte, 24 * Gigabyte);
        Assert.True(found.Speed!.TokensPerSecond > 18);
    }

    [Fact]
    public void A_small_part_of_main_memory_that_is_set_aside_for_an_integrated_GPU_rules_nothing_out()
    {
        var integrated = Shapes.Pc with { Cards = [new GraphicsCard("AMD Radeon 780M Graphics", Gigabyte / 2, Gigabyte / 4, null) { BorrowedMemory = 15 * Gigabyte }] };
        Assert.NotNull(Recommendation.For(Goal.Balanced, Catalog, integrated, new Settings()));
    }

    [Fact]
    public void Models_that_always_think_and_entries_without_a_tier_are_never_recommended()
    {
        var settings = new Settings { Catalog = [Own("always", "best", "always"), Own("untiered", null, "no")] };
        var catalog = ModelCatalog.Load(settings);
        Assert.DoesNotContain(Enum.GetValues<Goal>().Select(goal => Recommendation.For(goal, catalog, Mac(64, 400), settings)!.Choice.Model.Name), name => name is "always" or "untiered");
    }

    [Theory]
    [InlineData(16, 13.2)]
    [InlineData(32, 28.4)]
    [InlineData(64, 62.7)]
    public void Of_a_Mac_all_but_what_the_system_keeps_may_be_taken(int gibibytes, double gigabytes) =>
        Assert.Equal(gigabytes, Math.Round(Recommendation.Budget(Mac(gibibytes, 100)).Free!.Value / 1e9, 1));

    [Fact]
    public void Of_a_PC_a_fifth_is_left_and_cards_come_on_top()
    {
        Assert.Equal((25_600_000_000, 0, null), (Recommendation.Budget(Shapes.Pc) is var budget ? (budget.Free, budget.Headroom, budget.Fast) : default));
        Assert.Equal((49_600_000_000, (24 * Gigabyte) - (1L << 30)), Recommendation.Budget(Shapes.Pc with { Cards = [new GraphicsCard("c", 24 * Gigabyte, 1, null)] }) is var both ? (both.Free, both.Fast) : default);
        Assert.Null(Recommendation.Budget(new MachineProfile(null, null, null)).Free);
    }

    private static MachineProfile Mac(int gibibytes, int bandwidth) => Shapes.Mac with
    {
        TotalMemory = gibibytes * (1L << 30),
        GpuWorkingSet = MetalMemory.WorkingSet(gibibytes * (1L << 30), null, 26),
        Bandwidth = new Bandwidth(bandwidth * Gigabyte, "apple.com"),
    };

    private static CatalogModel Own(string name, string? tier, string thinks) => Shapes.Named("qwen3-coder-30b-a3b:Q4_K_M").Model with
    {
        Name = name,
        Title = name,
        AlsoKnownAs = [],
        Thinks = thinks,
        Variants = [new CatalogVariant { Quantization = "Q4_K_M", Tier = tier, SizeBytes = 18 * Gigabyte, Hf = $"me/{name}:Q4_K_M" }],
    };
}
