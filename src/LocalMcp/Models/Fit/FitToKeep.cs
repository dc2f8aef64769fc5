using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Models.Fit;

/// <summary>Whether a model is worth keeping on this machine: whether it would fit with nothing else in memory, be it with a small context.</summary>
internal static class FitToKeep
{
    /// <summary>Why not, as one or two sentences with the figures; null when it would fit, or when nobody can say.</summary>
    public static string? Objection(string name, ModelShape shape, MachineProfile machine, Settings settings)
    {
        var serving = new Serving(Math.Min(FitAdvice.LeastContext, settings.ContextLength), 1, CacheType.For(shape, settings.Engine));
        var verdict = FitVerdict.Of(MemoryNeed.Of(shape, serving), serving, Recommendation.Budget(machine));
        return verdict.Fit == Fit.TooBig ? FitAdvice.TooBig(name, shape, verdict, "that models may ever take here") : null;
    }
}
