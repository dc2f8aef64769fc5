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

    /// <exception cref="LocalMcpException">There is no folder to work in.</exception>
    public async Task<Roots> ReadAsync(McpServer server, CancellationToken cancellationToken) =>
        Roots.Of(await NamedAsync(server, cancellationToken), environment, settings.Read());

    // A client without roots, or one that does not answer, leaves it to the environment.
    private async Task<IReadOnlyList<string>> NamedAsync(McpServer server, CancellationToken cancellationToken)
    {
#pragma warning disable MCP9005 // Roots are on their way out of the protocol, and in every client of today.
        if (server.ClientCapabilities?.Roots is null)
            return [];
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var answer = await server.RequestRootsAsync(new ListRootsRequestParams(), either.Token);
            return [.. answer.Roots.Select(root => Folder(root.Uri)).OfType<string>()];
        }
        catch (Exception silent) when (silent is McpException or InvalidOperationException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
#pragma warning restore MCP9005
    }

    private static string? Folder(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile && parsed.Host.Length == 0 ? parsed.LocalPath : null;
}
