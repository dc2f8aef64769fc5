using LocalMcp.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp use</c>: what set_model does, with the test's verdict as the exit code.</summary>
internal static class UseVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, string name, bool force, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new LocalMcpException("The name is empty. Give a number of `local-mcp models`, or a part of a name.");
        var models = services.GetRequiredService<ModelSwitch>();
        await terminal.Results.WriteLineAsync(await models.ToAsync(name, force, _ => { }, cancellationToken));
        var (passed, line) = await LiveAnswer.ShowAsync(terminal, watch => models.WarmAsync(watch, cancellationToken), printText: false);
        await terminal.Results.WriteLineAsync(CommandLine.InVerbs(line));
        return passed ? 0 : 1;
    }
}
