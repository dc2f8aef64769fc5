using System.ComponentModel;
using LocalMcp.Models;
using LocalMcp.State;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>set_model</c>.</summary>
internal sealed class SetModelTool(ModelSwitch models, ModelDirectory directory, ActiveModel active, TimeProvider clock)
{
    [McpServerTool(Name = "set_model", Title = "Switch the local model", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false)]
    [McpMeta("anthropic/searchHint", "local LLM, switch model, Ollama, LM Studio, MLX, llama.cpp")]
    [Description("Choose the local model that chat uses from now on, in every session, kept across restarts. Use it when the user asks for another local LLM. Without a name the user gets a menu.")]
    public async Task<string> SetModelAsync(
        McpServer server,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("Exact name, number of list_models, or a unique part of a name such as 32b.")] string name = "")
    {
        using var told = new ProgressReporter(progress, clock);
        if (name.Trim().Length > 0)
            return await models.ToAsync(name, told.Watch, cancellationToken);
        var listing = await directory.ListAsync(cancellationToken);
        if (await ModelMenu.AskAsync(server, listing, active.Read(), cancellationToken) is { } chosen)
            return await models.ToAsync(chosen, told.Watch, cancellationToken);
        return $"Nothing was changed. Call set_model with one of these numbers or a part of a name:\n{ListingText.Table(listing, active.Read())}";
    }
}
