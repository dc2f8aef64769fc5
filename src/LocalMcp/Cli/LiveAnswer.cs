using System.Threading.Channels;
using LocalMcp.Chat;
using Spectre.Console;

namespace LocalMcp.Cli;

/// <summary>Shows an answer while it comes: a live line with the state until the first text, then the text.</summary>
internal static class LiveAnswer
{
    /// <summary>Runs <paramref name="ask"/>, whose watcher feeds the display.</summary>
    /// <param name="printText">Whether the text goes to standard output as it comes; else only the state is shown.</param>
    public static async Task<T> ShowAsync<T>(Terminal terminal, Func<Action<ChatDelta>, Task<T>> ask, bool printText)
    {
        var passing = Channel.CreateUnbounded<ChatDelta>(new UnboundedChannelOptions { SingleReader = true });
        var answer = AskAsync();
        var first = terminal.NotesAreSeen
            ? await terminal.Notes.Status().StartAsync(new CallState(TimeProvider.System).Words, status => FirstTextAsync(passing.Reader, printText, state => status.Status(Markup.Escape(state))))
            : await FirstTextAsync(passing.Reader, printText, _ => { });
        if (first is not null)
        {
            await terminal.Results.WriteAsync(first.Value);
            await foreach (var delta in passing.Reader.ReadAllAsync())
                await terminal.Results.WriteAsync((delta as ChatDelta.Text)?.Value);
        }
        return await answer;

        async Task<T> AskAsync()
        {
            try
            {
                return await ask(delta => passing.Writer.TryWrite(delta));
            }
            finally
            {
                passing.Writer.Complete();
            }
        }
    }

    private static async Task<ChatDelta.Text?> FirstTextAsync(ChannelReader<ChatDelta> passing, bool untilText, Action<string> show)
    {
        var state = new CallState(TimeProvider.System);
        await foreach (var delta in passing.ReadAllAsync())
        {
            if (untilText && delta is ChatDelta.Text text)
                return text;
            state.Take(delta);
            show(state.Words);
        }
        return null;
    }
}
