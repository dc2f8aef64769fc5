using System.ComponentModel;
using LocalMcp.Models;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>The tool <c>list_models</c>.</summary>
internal sealed class ListModelsTool(MenuMaker menu)
{
    [McpServerTool(Name = "list_models", Title = "List local models", ReadOnly = true, OpenWorld = false)]
    [McpMeta("anthropic/alwaysLoad", true)]
    [Description("List the local models that chat can use, numbered: memory and fit, tokens per second, context length, backend, whether loaded; ● marks the active one. Use it before set_model, or when chat finds no model.")]
    public async Task<string> ListModelsAsync(CancellationToken cancellationToken) =>
        MenuText.Table(await menu.ReadAsync(cancellationToken));
}
