using LocalMcp.Backends.Engine;
using LocalMcp.Machine;
using LocalMcp.State;

namespace LocalMcp.Models.Fit;

/// <summary>Whether a listed model fits this machine, as its backend would serve it. Pure: it takes values and asks nobody.</summary>
internal static class Fitting
{
    /// <summary>Ollama's context where nobody set another one, in tokens.</summary>
    private const int OllamaContext = 4_096;

    /// <summary>
    /// The verdict. For a model of the engine the context is the largest that fits, up to the setting, as the engine will choose it. What the other
    /// models of its backend hold counts as free, for they make room; what those of other backends hold does not.
    /// </summary>
    /// <param name="shape">How the model is built, as far as anybody says.</param>
    public static FitVerdict Of(ModelFacts model, ModelShape shape, IEnumerable<ModelFacts> listed, MachineProfile machine, Settings settings)
    {
        var others = listed.Where(m => m.Id != model.Id && m.Loaded is true).ToLookup(m => m.Backend == model.Backend);
        var budget = Budget(machine.IsUnifiedMemory ? machine with { TakenMemory = others[false].Sum(m => m.ResidentBytes ?? 0) } : machine, others[true].Sum(GivesBack));
        var serving = Serving(model, shape, settings);
        if (model.Backend == EngineModels.BackendName && model.Loaded is not true && budget.Free is { } free)
            serving = serving with { Context = FitAdvice.LargestContext(shape, serving, free - budget.Headroom) ?? Least(shape, serving, free) };
        return FitVerdict.Of(MemoryNeed.Of(shape, serving), serving, budget, model.Loaded is true);
    }

    /// <summary>What a model may take of this machine, with <paramref name="freed"/> bytes that make room for it.</summary>
    public static MemoryBudget Budget(MachineProfile machine, long freed)
    {
        var cards = machine.Cards.Sum(card => card.FreeMemory ?? 0);
        return new MemoryBudget(Lesser(machine.MemoryForModels + freed, machine.MostForModels) + cards, machine.Headroom)
        {
            Now = machine.IsUnifiedMemory ? machine.AvailableMemory + freed : null,
            Fast = machine.IsUnifiedMemory ? machine.GpuWorkingSet : cards > 0 ? cards + freed : null,
            FastRemedy = machine.IsUnifiedMemory
                ? "macOS gives the GPU no more than that by default; `sudo sysctl iogpu.wired_limit_mb=<MiB>` raises it until the next start"
                : "the rest is computed by the processor, which is slower",
        };
    }

    // Mapped weights of the engine count as free already: they are pages of a file.
    private static long GivesBack(ModelFacts model) =>
        model.Backend == EngineModels.BackendName ? Math.Max(0, (model.ResidentBytes ?? 0) - (model.SizeBytes ?? 0)) : model.ResidentBytes ?? 0;

    private static long? Lesser(long? one, long? other) => other < one ? other : one;

    // With a smaller context it may fit by using up the headroom; what does not fit at all is judged by the whole wish.
    private static int Least(ModelShape shape, Serving serving, long free) =>
        FitAdvice.LargestContext(shape, serving with { Context = Math.Min(FitAdvice.LeastContext, serving.Context) }, free) ?? serving.Context;

    private static Serving Serving(ModelFacts model, ModelShape shape, Settings settings)
    {
        var wanted = Math.Min(settings.ContextLength, model.TrainedContext ?? int.MaxValue);
        return model.Backend == EngineModels.BackendName
            ? new Serving(model.ContextLength ?? wanted, 1, CacheType.For(shape, settings.Engine)) { FlashAttention = settings.Engine.FlashAttention != "off" }
            : new Serving(model.ContextLength ?? (model.OllamaNames ? Math.Min(OllamaContext, wanted) : wanted));
    }
}
