using System.Text.Json;
using LocalMcp.Chat;
using LocalMcp.Schema;
using LocalMcp.State;
using LocalMcp.Workspace;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp chat</c>: the answer on standard output, on a terminal as it comes, the footer on standard error.</summary>
internal static class ChatVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, string prompt, Func<string, ChatRequest> request, FileInfo? schema, CancellationToken cancellationToken)
    {
        var text = prompt == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : prompt;
        if (string.IsNullOrWhiteSpace(text))
            throw new LocalMcpException("The prompt is empty. Give it as an argument, or pass - and pipe it in.");
        var asked = request(text) with { Schema = schema is null ? null : await SchemaAsync(schema, cancellationToken) };
        if (asked.FileNames.Count > 0 || asked.OutputPath is not null)
            asked = asked with { Roots = Roots.Of([Environment.CurrentDirectory], services.GetRequiredService<UserEnvironment>(), services.GetRequiredService<SettingsFile>().Read()) };
        // Only a plain answer can be handed on before it is whole.
        var streams = asked is { Schema: null, OutputPath: null };
        var chat = services.GetRequiredService<ChatService>();
        var reply = await LiveAnswer.ShowAsync(terminal, watch => chat.AskAsync(asked, watch, cancellationToken, live: terminal.IsTerminal && streams), printText: streams);
        await terminal.Results.WriteLineAsync(streams ? "" : reply.Receipt ?? (reply.NotWritten is null ? reply.Text : ""));
        if (reply.Trouble is { } trouble && streams)
            Terminal.Complain($"{CommandLine.InVerbs(trouble)} The text so far is above, incomplete.");
        else if ((reply.Malformed ?? reply.NotWritten) is { } doubt)
            Terminal.Complain(CommandLine.InVerbs(doubt));
        if (reply.Cut is { } cut)
            Terminal.Complain(CommandLine.InVerbs(cut.Sentence));
        Terminal.Complain(reply.Footer);
        return reply.Doubt is null ? 0 : 1;
    }

    private static async Task<AnswerSchema> SchemaAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
            return AnswerSchema.Parse(document.RootElement.Clone());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LocalMcpException($"The schema {file} cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
