using LocalMcp.Keeper;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp stop</c>: ends engine and keeper now, and returns when their memory is free.</summary>
internal static class StopVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, CancellationToken cancellationToken)
    {
        var stopped = await services.GetRequiredService<KeeperLink>().StopAsync(cancellationToken);
        await terminal.Results.WriteLineAsync(stopped switch
        {
            null => "The engine does not run.",
            [] => "The engine is stopped. No model was in memory.",
            _ => $"The engine is stopped, and {string.Join(", ", stopped)} out of memory.",
        });
        return 0;
    }
}
