using System.Globalization;
using LocalMcp.Chat;
using LocalMcp.Models.Fit;
using LocalMcp.State;

namespace LocalMcp.Models;

/// <summary>Makes another model the active one, for set_model, /switch-model and <c>local-mcp use</c>: not one that cannot fit, unless the user insists; and then it is tried.</summary>
internal sealed class ModelSwitch(ModelDirectory directory, MenuMaker menus, ActiveModel active, QuickTest test)
{
    /// <summary>Switches, and says what was replaced.</summary>
    /// <param name="force">Whether to switch to a model that does not fit into the memory by our estimate, too.</param>
    /// <exception cref="LocalMcpException">No model or several match, it is too big, or the choice cannot be saved: nothing is changed.</exception>
    public async Task<string> ToAsync(string wanted, bool force, Action<ChatDelta> watch, CancellationToken cancellationToken)
    {
        directory.Forget();
        ModelFacts? model = null;
        await foreach (var step in directory.RouteAsync(wanted, cancellationToken))
        {
            watch(step);
            model = (step as ChatDelta.Routed)?.Model;
        }
        var entry = await menus.FindAsync(model!.Id, cancellationToken);
        var tooBig = entry?.Fit is { Fit: Fit.Fit.TooBig } verdict ? FitAdvice.TooBig(model.Name, entry.Shape, verdict) : null;
        if (tooBig is not null && !force)
            throw new LocalMcpException($"{tooBig} Nothing was changed. Choose another one with set_model, or give it force to switch all the same.");
        var before = Before();
        active.Write(model.Id, tooBig is not null);
        return $"{Switched(model, before)}{(tooBig is null ? Tight(entry?.Fit) : $" {tooBig} It was forced.")}";
    }

    /// <summary>Warms the active model with the quick test, and says in one line whether it answers, and how fast.</summary>
    public async Task<(bool Passed, string Line)> WarmAsync(Action<ChatDelta> watch, CancellationToken cancellationToken)
    {
        var outcome = await test.RunAsync("hello", watch, cancellationToken);
        var line = outcome.Text[(outcome.Text.LastIndexOf('\n') + 1)..];
        return (outcome.Passed, outcome.Reply is { } reply && outcome.Passed ? $"{line.TrimEnd('.')}: {string.Join(", ", Figures(reply))}." : line);
    }

    private static string Switched(ModelFacts model, string? before)
    {
        if (before == model.Id)
            return $"{model.Name} ({model.Backend}) is the active model already.";
        var note = model.SmokeTest ? " It is the smoke-test model: it proves the engine and can say only one thing." : "";
        return $"The active model is now {model.Name} ({model.Backend}). {(before is null ? "None was chosen before." : $"It replaces {before}.")}{note}";
    }

    private static string Tight(FitVerdict? fit) => fit switch
    {
        { Fit: Fit.Fit.Tight, Loaded: false, Budget: { Fast: { } fast } budget } when fit.Need.Least > fast => $" It is a tight fit: it needs {fit.Parts}, and the GPU takes {FitVerdict.Bytes(fast)}; {budget.FastRemedy}.",
        { Fit: Fit.Fit.Tight, Loaded: false, Budget.Now: { } now } when fit.Need.Least > now => $" It is a tight fit: it needs {fit.Parts}, and {FitVerdict.Bytes(now)} are free without taking memory from other programs. End what you do not need.",
        { Fit: Fit.Fit.Tight, Loaded: false, Budget.Free: { } free } => $" It is a tight fit: it needs {fit.Parts} of the {FitVerdict.Bytes(free)} that are free. End what you do not need.",
        _ => "",
    };

    private static IEnumerable<string> Figures(ChatReply reply)
    {
        yield return reply.FirstToken is { } first ? string.Create(CultureInfo.InvariantCulture, $"first token {first.TotalSeconds:0.0##} s") : "first token not measured";
        yield return reply.TokensPerSecond is { } speed ? string.Create(CultureInfo.InvariantCulture, $"{speed:0.#} tok/s") : "speed not reported";
    }

    // A file that cannot be understood is what this choice replaces.
    private string? Before()
    {
        try
        {
            return active.Read();
        }
        catch (LocalMcpException)
        {
            return null;
        }
    }
}
