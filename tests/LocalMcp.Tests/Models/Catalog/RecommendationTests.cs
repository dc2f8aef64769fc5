using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Tests.Models.Catalog;

public sealed class RecommendationTests
{
    private static readonly Bandwidth Fast = new(936_000_000_000, "a test");

    [Theory]
    [InlineData(64, 400)]
    [InlineData(64, 800)]
    [InlineData(192, 800)]
    public void A_mixture_of_eighty_billion_comes_before_an_older_dense_model_of_the_same_tier(int gibibytes, int bandwidth)
    {
        Assert.Equal("qwen3-coder-next", Pick(Goal.Balanced, Mac(gibibytes, bandwidth)));
        Assert.Equal("qwen3-coder-next", Pick(Goal.Speed, Mac(gibibytes, bandwidth)));
    }

    [Fact]
    public void For_speed_a_mixture_comes_before_a_dense_model_that_is_just_fast_enough() =>
        Assert.Equal("qwen3-coder-30b-a3b", Pick(Goal.Speed, WithCard(24, Fast)));

    [Fact]
    public void Of_two_alike_the_one_for_code_is_taken() =>
        Assert.Equal("qwen3-coder-30b-a3b", Pick(Goal.Balanced, Mac(32, 120)));

    [Fact]
    public void A_gibibyte_of_each_card_is_left_free()
    {
        var pick = Recommendation.For(Goal.Quality, Catalog, WithCard(8, Fast), new Settings());
        Assert.True(pick!.Fit.Need.Total <= 7L << 30, pick.Choice.Name);
    }

    [Fact]
    public void Where_the_processor_has_graphics_that_borrow_there_is_a_recommendation_and_with_a_card_too_small_for_any_model_too()
    {
        var machine = new MachineProfile(16L << 30, 13L << 30, 8);
        Assert.Equal(Pick(Goal.Balanced, machine), Pick(Goal.Balanced, machine with { Cards = [new GraphicsCard("AMD GPU", 512L << 20, 400L << 20, null) { BorrowedMemory = 8L << 30 }] }));
        Assert.Equal(Pick(Goal.Balanced, machine), Pick(Goal.Balanced, machine with { Cards = [new GraphicsCard("GeForce GT 710", 1L << 30, 1L << 30, null)] }));
    }

    private static ModelCatalog Catalog { get; } = ModelCatalog.Load(new Settings());

    private static string? Pick(Goal goal, MachineProfile machine) => Recommendation.For(goal, Catalog, machine, new Settings())?.Choice.Model.Name;

    private static MachineProfile Mac(int gibibytes, int bandwidth) =>
        new((long)gibibytes << 30, (long)gibibytes << 29, 8) { IsUnifiedMemory = true, GpuWorkingSet = ((long)gibibytes << 30) / 4 * 3, Bandwidth = new Bandwidth(bandwidth * 1_000_000_000L, "a test") };

    private static MachineProfile WithCard(int gibibytes, Bandwidth? bandwidth) =>
        new(64L << 30, 48L << 30, 8) { Cards = [new GraphicsCard("card", (long)gibibytes << 30, (long)gibibytes << 30, bandwidth)] };
}
