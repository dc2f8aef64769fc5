using LocalMcp.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp use</c>: what set_model does.</summary>
internal static class UseVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, string name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new LocalMcpException("The name is empty. Give a number of `local-mcp models`, or a part of a name.");
        await terminal.Results.WriteLineAsync(await services.GetRequiredService<ModelSwitch>().ToAsync(name, _ => { }, cancellationToken));
        return 0;
    }
}
