using System.Collections.Concurrent;
using System.Text.Json;
using LocalMcp.Models;

namespace LocalMcp.Backends.Ollama;

/// <summary>Makes sure, before anything is sent to a model, that it still runs where Ollama runs: since it was listed, another one may have taken its name.</summary>
internal sealed class OllamaWhereabouts(ServerConnection server, TimeProvider clock)
{
    /// <summary>So long an answer is relied on: a burst of chats costs one question.</summary>
    private static readonly TimeSpan Reliance = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> known = new();

    /// <summary>Takes what a list said just now, good or bad: those that run elsewhere are refused by it.</summary>
    public void Listed(IEnumerable<ModelFacts> models)
    {
        foreach (var model in models)
            known[model.Name] = clock.GetTimestamp();
    }

    /// <summary>Asks Ollama, unless it said so a moment ago. An Ollama that does not say is taken at its list.</summary>
    /// <exception cref="BackendException">The model runs elsewhere by now.</exception>
    public async Task CheckAsync(ModelFacts model, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(model.Name, out var since) && clock.GetElapsedTime(since) < Reliance)
            return;
        var now = clock.GetTimestamp();
        var reply = await server.PostAsync("api/show", JsonSerializer.SerializeToUtf8Bytes(new OllamaWire.ShowBody(model.Name), OllamaJson.Default.ShowBody), cancellationToken);
        if (reply.Succeeded && OllamaWire.Remote(reply.Body) is var (host, remote) && OllamaCloud.HostOf(model.Name, host, remote) is { } elsewhere)
            throw new BackendException(BackendFailure.Refused, OllamaCloud.Refusal(model.Name, model.Backend, elsewhere));
        known[model.Name] = now;
    }
}
