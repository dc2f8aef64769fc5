using System.Collections.Concurrent;
using System.Text.Json;
using LocalMcp.Models;

namespace LocalMcp.Backends.Ollama;

/// <summary>
/// Adds to a list of Ollama's models what <c>/api/show</c> says of each. What it said once of a digest holds as long as this process. What does not come
/// in time, or is no answer, is left out: the list does not wait for it.
/// </summary>
internal sealed class OllamaDetails(ServerConnection server)
{
    private const int AtOnce = 8;
    private const int MostTries = 3;
    private const int MostKept = 4096;

    /// <summary>For all models of a list together: Ollama answers within some milliseconds each.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly ConcurrentDictionary<(string Server, string Model), (OllamaShow? Show, int Tries)> Known = new();

    public async Task<IReadOnlyList<ModelFacts>> AddToAsync(IReadOnlyList<(ModelFacts Facts, string? Digest)> models, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var shown = new OllamaShow?[models.Count];
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = patience.Token };
            await Parallel.ForEachAsync(models.Index(), options, async (model, token) => shown[model.Index] = await ShowAsync(model.Item.Facts, model.Item.Digest, token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Those that came in time are there.
        }
        return [.. models.Select((model, index) => shown[index] is { } show ? OllamaWire.With(model.Facts, show) : model.Facts)];
    }

    private async Task<OllamaShow?> ShowAsync(ModelFacts model, string? digest, CancellationToken cancellationToken)
    {
        if (model.RemoteHost is not null)
            return null;
        var key = (server.Label, digest ?? "");
        var known = digest is null ? default : Known.GetValueOrDefault(key);
        if (known.Show is not null || known.Tries >= MostTries)
            return known.Show;
        // Counted before it is asked: one that never answers is not asked for ever.
        Keep(digest, key, (null, known.Tries + 1));
        var show = await AskAsync(model, cancellationToken);
        if (show is not null)
            Keep(digest, key, (show, known.Tries));
        return show;
    }

    private async Task<OllamaShow?> AskAsync(ModelFacts model, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await server.PostAsync("api/show", JsonSerializer.SerializeToUtf8Bytes(new OllamaWire.ShowBody(model.Name), OllamaJson.Default.ShowBody), cancellationToken);
            return reply.Succeeded ? OllamaShow.Of(reply.Body, model.SizeBytes) : null;
        }
        catch (BackendException)
        {
            return null;
        }
    }

    private static void Keep(string? digest, (string, string) key, (OllamaShow?, int) value)
    {
        if (digest is null)
            return;
        if (Known.Count >= MostKept)
            Known.Clear();
        Known[key] = value;
    }
}
