using LocalMcp.Models;
using LocalMcp.Pull;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Spectre.Console.Rendering;

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
            var pulled = terminal.NotesAreSeen
                ? await WithBarAsync(terminal.Notes, clock, watch => puller.RunAsync(name, force, watch, cancellationToken))
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

    private static Task<Pulled> WithBarAsync(IAnsiConsole console, TimeProvider clock, Func<Action<PullStep>, Task<Pulled>> pull)
    {
        var speed = new Speedometer(clock);
        var state = new Words();
        return console.Progress().AutoClear(true).HideCompleted(false).Columns(new ProgressBarColumn(), state).StartAsync(context =>
        {
            var bar = context.AddTask("", autoStart: true, maxValue: 1);
            bar.IsIndeterminate = true;
            return pull(step =>
            {
                switch (step)
                {
                    case PullStep.Note note:
                        console.MarkupLineInterpolated($"{note.Text}");
                        break;
                    case PullStep.Phase phase:
                        state.Text = phase.Text;
                        break;
                    case PullStep.Bytes bytes:
                        speed.See(bytes.Done);
                        (bar.IsIndeterminate, bar.MaxValue, bar.Value) = (false, bytes.Total, bytes.Done);
                        state.Text = speed.Text(bytes.Total);
                        break;
                }
            });
        });
    }

    private sealed class Words : ProgressColumn
    {
        public volatile string Text = "";

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Text);
    }
}
