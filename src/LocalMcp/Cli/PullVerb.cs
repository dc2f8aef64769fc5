using LocalMcp.Models;
using LocalMcp.Pull;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp pull</c>: downloads a model. On a terminal with a bar, else with a line now and then; what came is on standard output.</summary>
internal static class PullVerb
{
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, string name, bool force, CancellationToken cancellationToken)
    {
        var (puller, clock) = (services.GetRequiredService<Puller>(), services.GetRequiredService<TimeProvider>());
        try
        {
            var pulled = terminal.NotesAreSeen && terminal.Notes.Profile.Capabilities.Ansi
                ? await PullBar.ShowAsync(terminal.Notes, clock, watch => puller.RunAsync(name, force, watch, cancellationToken))
                : await puller.RunAsync(name, force, new PullLines(Terminal.Complain, clock).Watch, cancellationToken);
            var size = pulled.Size is null ? "" : $", {ListingText.Size(pulled.Size)}";
            await terminal.Results.WriteLineAsync($"{pulled.Name} {(pulled.Came ? "is there now" : "was there already, and is as it should be")}: {pulled.Where}{size}. Use it with `local-mcp use {pulled.Name}`.");
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Terminal.Complain("Stopped. What has come so far stays; the same command goes on from there.");
            return Interrupted;
        }
    }
}
