using LocalMcp.Chat;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp chat</c>: the answer on standard output, on a terminal as it comes, the footer on standard error.</summary>
internal static class ChatVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, string prompt, Func<string, ChatRequest> request, CancellationToken cancellationToken)
    {
        var text = prompt == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : prompt;
        if (string.IsNullOrWhiteSpace(text))
            throw new LocalMcpException("The prompt is empty. Give it as an argument, or pass - and pipe it in.");
        var chat = services.GetRequiredService<ChatService>();
        var reply = await LiveAnswer.ShowAsync(terminal, watch => chat.AskAsync(request(text), watch, cancellationToken, live: terminal.IsTerminal), printText: true);
        await terminal.Results.WriteLineAsync();
        if (reply.Trouble is { } trouble)
            Terminal.Complain($"{CommandLine.InVerbs(trouble)} The text so far is above, incomplete.");
        if (reply.Cut is { } cut)
            Terminal.Complain(CommandLine.InVerbs(cut));
        Terminal.Complain(reply.Footer);
        return reply.Trouble is null ? 0 : 1;
    }
}
