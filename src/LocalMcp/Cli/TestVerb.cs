using LocalMcp.Chat;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp test</c>: what quick_test says, with its verdict as the exit code.</summary>
internal static class TestVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, string prompt, CancellationToken cancellationToken)
    {
        var test = services.GetRequiredService<QuickTest>();
        var outcome = await LiveAnswer.ShowAsync(terminal, watch => test.RunAsync(prompt, watch, cancellationToken), printText: false);
        await terminal.Results.WriteLineAsync(outcome.Passed ? outcome.Text : CommandLine.InVerbs(outcome.Text));
        return outcome.Passed ? 0 : 1;
    }
}
