using LocalMcp.Backends.Engine;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.State;

namespace LocalMcp.Chat.Budget;

/// <summary>What to say about a larger context: how to have it, and what it takes. Pure.</summary>
internal static class ContextAdvice
{
    /// <param name="wanted">Tokens of context that would be enough.</param>
    /// <param name="served">Tokens that it is served with; null where that is not known.</param>
    /// <param name="more">How its backend is brought to serve so many tokens, as a clause.</param>
    /// <param name="machine">The machine that the model runs on; null where that is another one, or nobody asked.</param>
    public static string Of(ModelFacts model, int wanted, int? served, Func<int, string> more, Settings settings, MachineProfile? machine)
    {
        if (model.TrainedContext is { } trained && trained < wanted)
        {
            if (trained <= served)
                return $"It was trained for no more than {TokenCount.Number(trained)}.";
            wanted = trained;
        }
        if (model.Backend == EngineModels.BackendName && served < settings.ContextLength)
            return $"The engine chose that context by the free memory; context_length of settings.json would allow {TokenCount.Number(settings.ContextLength)}.";
        var clause = more(wanted);
        return $"Or {clause}{Memory(model, wanted, served, settings, machine)}.";
    }

    // Only what is known on both sides is worth a number.
    private static string Memory(ModelFacts model, int wanted, int? served, Settings settings, MachineProfile? machine)
    {
        if (machine?.AvailableMemory is not { } free || served is not { } now || model.Shape is not { IsSound: true } shape)
            return "";
        var serving = new Serving(now, 1, model.Backend == EngineModels.BackendName ? CacheType.For(shape, settings.Engine) : "f16");
        var needs = MemoryNeed.Of(shape, serving with { Context = wanted }).Total - MemoryNeed.Of(shape, serving).Total;
        return needs is > 0 and var bytes ? $" (needs {FitVerdict.Bytes(bytes)} more; {FitVerdict.Bytes(free)} are free)" : "";
    }
}
