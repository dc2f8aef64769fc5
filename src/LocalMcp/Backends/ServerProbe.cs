using LocalMcp.Backends.Ollama;
using LocalMcp.Backends.OpenAi;
using LocalMcp.State;

namespace LocalMcp.Backends;

/// <summary>Asks whoever listens at an address what it is: Ollama by its root text, the others by their list of models and llama-server's /props.</summary>
internal sealed class ServerProbe(SettingsFile settings, TimeProvider clock)
{
    /// <summary>For a connection to a well-known port of this machine: whoever is there answers at once.</summary>
    private static readonly TimeSpan NearbyConnect = TimeSpan.FromSeconds(0.3);

    /// <summary>The backend at <paramref name="endpoint"/>, ready to be used.</summary>
    /// <exception cref="BackendException">Nobody is there, or not a model server, or it does not let us in, or it is still loading, or its host is not allowed.</exception>
    public async Task<IBackend> IdentifyAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await IdentifyAsync(endpoint, endpoint.Named ? null : NearbyConnect, cancellationToken);
        }
        catch (BackendException slow) when (!endpoint.Named && slow.InnerException is OperationCanceledException)
        {
            // On loopback a port is refused or open. Neither within the limit means that this machine is busy, not that nobody is there.
            return await IdentifyAsync(endpoint, null, cancellationToken);
        }
    }

    private async Task<IBackend> IdentifyAsync(Endpoint endpoint, TimeSpan? connect, CancellationToken cancellationToken)
    {
        using var root = Connect(endpoint, endpoint.Root, endpoint.Label, connect);
        using var api = Connect(endpoint, endpoint.ApiBase, endpoint.Label, connect);
        var greeting = root.GetAsync("", cancellationToken);
        var models = api.GetAsync("models", cancellationToken);
        if ((await EitherAsync(greeting, models)).Body.StartsWith("Ollama is running", StringComparison.Ordinal))
            return new OllamaBackend(endpoint.BackendName(ServerKind.Ollama), endpoint.Root, Connect(endpoint, endpoint.Root, ServerKind.Ollama), settings.Read().Ollama, clock);
        var kind = await KindAsync(await models, api, root, cancellationToken);
        return new OpenAiBackend(endpoint.BackendName(kind), kind, endpoint.ApiBase, Connect(endpoint, endpoint.ApiBase, kind), clock);
    }

    // A server may close the connection on one of the two questions; when both fail, the second failure tells.
    private static async Task<ServerReply> EitherAsync(Task<ServerReply> greeting, Task<ServerReply> models)
    {
        try
        {
            return await greeting;
        }
        catch (BackendException)
        {
            return await models;
        }
    }

    private static async Task<ServerKind> KindAsync(ServerReply models, ServerConnection api, ServerConnection root, CancellationToken cancellationToken)
    {
        if (models.Status is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.MethodNotAllowed)
            throw new BackendException(BackendFailure.Unintelligible, $"{api.Label} answers, but has no list of models at /v1/models: it is not a model server, or its API is at another path.");
        if (!models.Succeeded)
            throw api.Refusal(models.Status, models.Body);
        if (OpenAiWire.Models(models.Body, "") is null)
            throw api.Unintelligible("a list of models", models.Body);
        if (OpenAiWire.Kind(models.Body) is { } kind)
            return kind;
        var props = await root.GetAsync("props", cancellationToken);
        return props.Succeeded && OpenAiWire.Served(props.Body).Context is not null ? ServerKind.LlamaServer : ServerKind.OpenAi;
    }

    private ServerConnection Connect(Endpoint endpoint, Uri root, ServerKind kind) => Connect(endpoint, root, $"{kind.Label} at {endpoint.Address}", null);

    private ServerConnection Connect(Endpoint endpoint, Uri root, string label, TimeSpan? connect) =>
        endpoint.Connect(label, root, settings.Read().Limits, clock, connect: connect);
}
