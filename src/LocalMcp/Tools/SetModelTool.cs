using System.ComponentModel;
using LocalMcp.Models;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>set_model</c>.</summary>
internal sealed class SetModelTool(ModelSwitch models, MenuMaker menus, TimeProvider clock)
{
    [McpServerTool(Name = "set_model", Title = "Switch the local model", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false)]
    [Description("Choose the local LLM (Ollama, LM Studio, MLX, llama.cpp) that chat uses from now on, and try it. Use it when the user asks for another model. Without a name the user gets a menu.")]
    public async Task<string> SetModelAsync(
        McpServer server,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("Number or part of a name, such as 32b.")] string name = "",
        [Description("Also one that is too big for the memory.")] bool force = false)
    {
        using var told = new ProgressReporter(progress, clock);
        var wanted = name.Trim();
        if (wanted.Length == 0)
        {
            var menu = await menus.ReadAsync(cancellationToken);
            var answer = await ModelMenu.AskAsync(server, menu, cancellationToken);
            if (answer.Declined)
                return "Nothing was changed: the user declined the menu.";
            if (answer.Model is not { } chosen)
                return $"Nothing was changed. Call set_model with one of these numbers or a part of a name:\n{MenuText.Table(menu)}";
            wanted = chosen;
        }
        var switched = await models.ToAsync(wanted, force, told.Watch, cancellationToken);
        return $"{switched}\n{(await models.WarmAsync(told.Watch, cancellationToken)).Line}";
    }
}
