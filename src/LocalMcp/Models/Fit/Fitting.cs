using LocalMcp.Backends.Engine;
using LocalMcp.Machine;
using LocalMcp.State;

namespace LocalMcp.Models.Fit;

/// <summary>Whether a listed model fits this machine, as its backend would serve it. Pure: it takes values and asks nobody.</summary>
internal static class Fitting
{
    private const long Gibibyte = 1L << 30;

    /// <summary>
    /// The verdict. For a model of the engine the context is the largest that fits, up to the setting, as the engine will choose it. What the other
    /// models of its backend hold counts as free, for they make room; what those of other backends hold does not. Of a model that is in memory
    /// already the budget is what is left beside all that are.
    /// </summary>
    /// <param name="shape">How the model is built, as far as anybody says.</param>
    public static FitVerdict Of(ModelFacts model, ModelShape shape, IEnumerable<ModelFacts> listed, MachineProfile machine, Settings settings)
    {
        var serving = Serving(model, shape, machine, settings);
        var others = listed.Where(m => m.Id != model.Id && m.Loaded is true).ToList();
        if (model.Loaded is true)
            return Loaded(model, MemoryNeed.Of(shape, serving), serving, others, machine);
        var budget = Budget(Beside(machine, others.Where(m => m.Backend != model.Backend).Sum(Resident)), [.. others.Where(m => m.Backend == model.Backend)]);
        if (model.Backend == EngineModels.BackendName && budget.Free is { } free)
            serving = serving with { Context = FitAdvice.LargestContext(shape, serving, free - budget.Headroom) ?? Least(shape, serving, free) };
        return FitVerdict.Of(MemoryNeed.Of(shape, serving), serving, budget);
    }

    /// <summary>What a model may take of this machine, with what <paramref name="leaving"/> give back: first the memory of cards, as far as it is not free.</summary>
    public static MemoryBudget Budget(MachineProfile machine, IReadOnlyList<ModelFacts> leaving)
    {
        var (cards, all) = (machine.Cards.Sum(card => card.FreeMemory ?? 0), machine.Cards.Sum(card => card.FreeMemory is null ? 0 : card.TotalMemory ?? card.FreeMemory ?? 0));
        var onCards = Math.Clamp(leaving.Sum(Resident), 0, Math.Max(0, all - cards));
        var freed = Math.Max(0, leaving.Sum(GivesBack) - onCards);
        // What makes room of unified memory was never counted as taken. What other backends hold may be more than there is to take.
        var main = machine.IsUnifiedMemory ? machine.MemoryForModels : Lesser(machine.MemoryForModels + freed, machine.MostForModels);
        return new MemoryBudget((main < 0 ? 0 : main) + cards + onCards, machine.Headroom)
        {
            Now = machine.IsUnifiedMemory ? machine.AvailableMemory + freed : null,
            Fast = machine.IsUnifiedMemory ? machine.GpuWorkingSet : CardMemory.Reach(machine, card => card.FreeMemory) + onCards,
            FastRemedy = machine.IsUnifiedMemory
                ? "macOS gives the GPU no more than that by default; `sudo sysctl iogpu.wired_limit_mb=<MiB>` raises it until the next start"
                : "the rest is computed by the processor, which is slower",
        };
    }

    // Of unified memory the profile says what models may take in all, elsewhere what is free beside them.
    private static MachineProfile Beside(MachineProfile machine, long taken) => machine.IsUnifiedMemory ? machine with { TakenMemory = taken } : machine;

    private static FitVerdict Loaded(ModelFacts model, MemoryNeed need, Serving serving, IReadOnlyList<ModelFacts> others, MachineProfile machine)
    {
        var own = model.ResidentBytes ?? need.Least;
        var left = Budget(Beside(machine, others.Sum(Resident) + own), []);
        var fast = machine.IsUnifiedMemory ? left.Fast : Lesser(left.Fast + own, CardMemory.Reach(machine, card => card.TotalMemory));
        return FitVerdict.Of(need, serving, left with { Fast = fast }, loaded: true, Told(model));
    }

    private static long Resident(ModelFacts model) => model.ResidentBytes ?? 0;

    // What the engine has touched of its memory so far is less than what it will take.
    private static long? Told(ModelFacts model) => model.Backend == EngineModels.BackendName ? null : model.ResidentBytes;

    // Mapped weights of the engine count as free already: they are pages of a file.
    private static long GivesBack(ModelFacts model) =>
        model.Backend == EngineModels.BackendName ? Math.Max(0, Resident(model) - (model.SizeBytes ?? 0)) : Resident(model);

    private static long? Lesser(long? one, long? other) => other < one ? other : one;

    // With a smaller context it may fit by using up the headroom; what does not fit at all is judged by the whole wish.
    private static int Least(ModelShape shape, Serving serving, long free) =>
        FitAdvice.LargestContext(shape, serving with { Context = Math.Min(FitAdvice.LeastContext, serving.Context) }, free) ?? serving.Context;

    private static Serving Serving(ModelFacts model, ModelShape shape, MachineProfile machine, Settings settings)
    {
        var wanted = Math.Min(settings.ContextLength, model.TrainedContext ?? int.MaxValue);
        return model.Backend == EngineModels.BackendName
            ? new Serving(model.ContextLength ?? wanted, 1, CacheType.For(shape, settings.Engine)) { FlashAttention = settings.Engine.FlashAttention != "off" }
            : new Serving(model.ContextLength ?? (model.OllamaNames ? Math.Min(OllamaContext(machine), model.TrainedContext ?? int.MaxValue) : wanted));
    }

    // Tokens where nobody set another number, by the memory of all GPUs: Ollama's server/routes.go since 0.15.5.
    private static int OllamaContext(MachineProfile machine) => (machine.IsUnifiedMemory ? machine.GpuWorkingSet : CardMemory.Reach(machine, card => card.TotalMemory)) switch
    {
        >= 47 * Gibibyte => 262_144,
        >= 23 * Gibibyte => 32_768,
        _ => 4_096,
    };
}
