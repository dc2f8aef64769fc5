using System.Text.Json;
using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;
using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>Asks a server which kind it is of, and which version. What it does not say is null.</summary>
internal sealed class ServerVersions(UserEnvironment environment, ServerProbe probe, TimeProvider clock)
{
    public async Task<(ServerKind? Kind, string? Version)> AskAsync(IBackend backend, Settings settings, CancellationToken cancellationToken)
    {
        if (Endpoint.All(environment, settings).FirstOrDefault(e => e.MightBe(backend.Name) && e.Url.GetLeftPart(UriPartial.Authority) == backend.Where) is not { } endpoint)
            return (null, null);
        using var timer = new CancellationTokenSource(settings.Limits.Connect, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        ServerKind? kind = null;
        try
        {
            kind = await KindAsync(backend, endpoint, limit.Token);
            return (kind, await VersionAsync(kind, endpoint, settings, limit.Token));
        }
        catch (Exception silent) when (silent is BackendException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (kind, null);
        }
    }

    // The name of a backend tells its kind unless the user chose that name. Then the server is asked again, as if it had none.
    private async Task<ServerKind> KindAsync(IBackend backend, Endpoint endpoint, CancellationToken cancellationToken)
    {
        if (backend is OllamaBackend)
            return ServerKind.Ollama;
        if (endpoint.Name.Length == 0)
            return ServerKind.All.First(kind => endpoint.BackendName(kind) == backend.Name);
        var unnamed = endpoint with { Name = "" };
        var same = await probe.IdentifyAsync(unnamed, cancellationToken);
        return ServerKind.All.First(kind => unnamed.BackendName(kind) == same.Name);
    }

    private async Task<string?> VersionAsync(ServerKind kind, Endpoint endpoint, Settings settings, CancellationToken cancellationToken)
    {
        if (Question(kind) is not var (path, field))
            return null;
        using var server = endpoint.Connect(endpoint.Label, endpoint.Root, settings.Limits, clock);
        var reply = await server.GetAsync(path, cancellationToken);
        return reply.Succeeded && Field(reply.Body, field) is { } version ? server.Words(version) : null;
    }

    // Ollama: docs/api.md. llama-server: tools/server/README.md. vLLM has a page for it; the others have none that is known.
    private static (string Path, string Field)? Question(ServerKind kind) => kind switch
    {
        _ when kind == ServerKind.Ollama => ("api/version", "version"),
        _ when kind == ServerKind.Vllm => ("version", "version"),
        _ when kind == ServerKind.LlamaServer => ("props", "build_info"),
        _ => null,
    };

    private static string? Field(string body, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && JsonText.Of(value) is { Length: > 0 } version ? version : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
