using LocalMcp.Machine;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Speed;
using LocalMcp.State;

namespace LocalMcp.Models.Catalog;

/// <summary>The model of the catalog that a machine should run for a goal, with the figures that say so.</summary>
/// <param name="Fit">As the engine would serve it, with nothing else in memory.</param>
/// <param name="Speed">An estimate; null where the bandwidth of the memory is not known.</param>
internal sealed record Recommendation(Goal Goal, CatalogChoice Choice, FitVerdict Fit, ModelSpeed? Speed)
{
    // A processor alone: what is read for a token should take no longer than with these tok/s at 50 GB/s, which two channels of DDR4-3200 have
    // (51.2 GB/s, JEDEC JESD79-4). A rule to choose by; it is never shown as a speed.
    private const double ProcessorBytesPerSecond = 50e9;

    // What stays free on each card: llama.cpp's default of --fit-target.
    private const long CardMargin = 1L << 30;

    /// <summary>
    /// The best of what fits and is fast enough: at least instant (30 tok/s) for speed, fast (18) for balanced, moderate (8) for quality, by the estimate. Where no
    /// model is, the fastest that fits. Where not even the smallest fits into the cards, they do not count. Null when nothing fits, or when the memory is not known.
    /// </summary>
    public static Recommendation? For(Goal goal, ModelCatalog catalog, MachineProfile machine, Settings settings)
    {
        var fitting = catalog.Choices.Select(choice => Candidate(goal, choice, machine, settings)).OfType<Recommendation>().ToList();
        if (fitting.Count == 0 && machine.Cards.Count > 0)
            return For(goal, catalog, machine with { Cards = [] }, settings);
        var quick = fitting.Where(candidate => candidate.IsQuickEnough(machine)).ToList();
        return quick.Count > 0
            ? quick.OrderByDescending(candidate => candidate.Rank).ThenByDescending(candidate => candidate.Worth).ThenByDescending(candidate => candidate.IsForCode).ThenByDescending(candidate => candidate.Choice.Model.Context)
                .ThenByDescending(candidate => candidate.Fit.Need.Weights).ThenBy(candidate => candidate.Choice.Name, StringComparer.Ordinal).First()
            : fitting.OrderBy(candidate => candidate.Choice.Shape.ActiveBytes).ThenBy(candidate => candidate.Choice.Name, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>What models could take of this machine if nothing else were in memory; of a machine whose system does not share it with a GPU, a fifth is left to everything else.</summary>
    public static MemoryBudget Budget(MachineProfile machine)
    {
        var cards = machine.Cards.Sum(card => card.TotalMemory ?? 0);
        var main = machine.IsUnifiedMemory ? machine.MostForModels : machine.TotalMemory / 5 * 4;
        return new MemoryBudget(main + cards, machine.IsUnifiedMemory ? machine.Headroom : 0) { Fast = machine.IsUnifiedMemory ? machine.GpuWorkingSet : CardMemory.Reach(machine, Usable) };
    }

    private static long? Usable(GraphicsCard card) => CardMemory.SharesMain(card) || card.TotalMemory is not { } all ? card.TotalMemory : Math.Max(0, all - CardMargin);

    private static Recommendation? Candidate(Goal goal, CatalogChoice choice, MachineProfile machine, Settings settings)
    {
        var shape = choice.Shape;
        var serving = new Serving(Math.Min(settings.ContextLength, choice.Model.Context ?? settings.ContextLength), 1, CacheType.For(shape, settings.Engine));
        var fit = FitVerdict.Of(MemoryNeed.Of(shape, serving), serving, Budget(machine));
        var estimate = SpeedEstimate.Of(shape, MenuMaker.Bandwidth(fit, machine), Math.Min(serving.Context, SpeedEstimate.WorkingContext), serving.Cache);
        return fit.Fit == Models.Fit.Fit.Fits && choice is { Tier: not null, Model.Thinks: not "always" } ? new Recommendation(goal, choice, fit, ModelSpeed.Of(null, estimate)) : null;
    }

    private double Least => Goal switch
    {
        Goal.Speed => 30,
        Goal.Balanced => 18,
        _ => 8,
    };

    private bool IsQuickEnough(MachineProfile machine) => Speed is { } speed
        ? speed.TokensPerSecond >= Least
        : (machine.IsUnifiedMemory || machine.Cards.Any(card => !CardMemory.SharesMain(card)) ? 4 : 1) * ProcessorBytesPerSecond / Least >= SpeedEstimate.BytesPerToken(Choice.Shape, SpeedEstimate.WorkingContext, Fit.Serving.Cache);

    // A routine answer should not wait for reasoning, so that weighs for all goals but quality. What is fast enough for speed is so whatever its tier.
    private int Rank => (Goal == Goal.Speed ? 0 : 2 * CatalogTier.Known.ToList().IndexOf(Choice.Tier!)) + (Goal != Goal.Quality && Choice.Model.Thinks == "no" ? 3 : 0);

    // A mixture knows as much as all its weights and is as fast as those that it uses. For speed twice as fast is worth as much as 1.4 times the weights. A model
    // for code counts half again: code is what is asked of it here. These are rules of thumb; they are never shown.
    private double Worth => (IsForCode ? 1.5 : 1) * (Choice.Shape.Parameters ?? 0) / (Goal == Goal.Speed ? Math.Sqrt(TokenTime) : 1);

    // As the estimates have it, for a memory of one byte per second.
    private double TokenTime =>
        (SpeedEstimate.BytesPerToken(Choice.Shape, SpeedEstimate.WorkingContext, Fit.Serving.Cache) ?? double.PositiveInfinity) / (Choice.Shape.Experts > 0 ? SpeedEstimate.MixtureEfficiency : SpeedEstimate.DenseEfficiency);

    // Its makers say so in its name.
    private bool IsForCode => Choice.Name.Contains("code", StringComparison.Ordinal);
}
