using System.Text.Json;
using LocalMcp.State;
using LocalMcp.Workspace;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Tools;

/// <summary>Which folders a call may read from and write to: what the client says now, for its user may add folders in the middle of a session.</summary>
internal sealed class ClientRoots(UserEnvironment environment, SettingsFile settings, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string CallsAgainSince = "2026-07-28";
    private const string Question = "roots";

    /// <exception cref="LocalMcpException">There is no folder to work in.</exception>
    /// <exception cref="InputRequiredException">The client has to be asked first: it calls again with its answer. Nothing may have been done before.</exception>
    public async Task<Roots> ReadAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        Roots.Of(await NamedAsync(request, cancellationToken), environment, settings.Read());

#pragma warning disable MCP9005 // Roots are on their way out of the protocol, and in every client of today.
    // Since that version a question ends the request, and the client comes again with the answer, under a new id and a new progress token.
    // A call that waited for the answer would go on telling its progress to the old token, which Claude Code 2.1.329 has forgotten by then.
    private async Task<IReadOnlyList<string>> NamedAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Server.ClientCapabilities?.Roots is null)
            return [];
        // For an older client the SDK would put the question itself when it is thrown, and wait for ever.
        if (string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, CallsAgainSince) < 0)
            return await AskedAsync(request.Server, cancellationToken);
        if (request.Params.InputResponses is not { } answers)
            throw new InputRequiredException(new Dictionary<string, InputRequest> { [Question] = InputRequest.ForRootsList(new ListRootsRequestParams()) });
        return answers.TryGetValue(Question, out var answer) ? Answered(answer) : [];
    }

    // A client that does not answer leaves it to the environment.
    private async Task<IReadOnlyList<string>> AskedAsync(McpServer server, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return Folders(await server.RequestRootsAsync(new ListRootsRequestParams(), either.Token));
        }
        catch (Exception silent) when (silent is McpException or InvalidOperationException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Answered(InputResponse answer)
    {
        try
        {
            return Folders(answer.Deserialize(InputResponse.ListRootsResultJsonTypeInfo));
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Folders(ListRootsResult? named) => [.. (named?.Roots ?? []).Select(root => Folder(root.Uri)).OfType<string>()];
#pragma warning restore MCP9005

    private static string? Folder(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile && parsed.Host.Length == 0 ? parsed.LocalPath : null;
}
