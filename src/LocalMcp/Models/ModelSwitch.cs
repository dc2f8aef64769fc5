using LocalMcp.Chat;
using LocalMcp.State;

namespace LocalMcp.Models;

/// <summary>Makes another model the active one, for set_model and <c>local-mcp use</c>.</summary>
internal sealed class ModelSwitch(ModelDirectory directory, ActiveModel active)
{
    /// <summary>Switches, and says what was replaced.</summary>
    /// <exception cref="LocalMcpException">No model or several match, or the choice cannot be saved: nothing is changed.</exception>
    public async Task<string> ToAsync(string wanted, Action<ChatDelta> watch, CancellationToken cancellationToken)
    {
        directory.Forget();
        ModelFacts? model = null;
        await foreach (var step in directory.RouteAsync(wanted, cancellationToken))
        {
            watch(step);
            model = (step as ChatDelta.Routed)?.Model;
        }
        var before = Before();
        if (before == model!.Id)
            return $"{model.Name} ({model.Backend}) is the active model already. Nothing was changed.";
        active.Write(model.Id);
        var note = model.SmokeTest ? " It is the smoke-test model: it proves the engine and can say only one thing." : "";
        return $"The active model is now {model.Name} ({model.Backend}). {(before is null ? "None was chosen before." : $"It replaces {before}.")}{note}";
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
