using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;
using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Pull;

/// <summary>Has the user's Ollama pull a model, and shows how far it is. Ollama checks the content itself, and keeps the parts of a pull that was left.</summary>
internal sealed class OllamaPull(UserEnvironment environment, SettingsFile settings, ServerProbe probe, PullCatalog catalog, TimeProvider clock)
{
    private const int MostSuggestions = 5;

    /// <summary>Pulls.</summary>
    /// <exception cref="LocalMcpException">There is no Ollama, or it does not get the model.</exception>
    public async Task<Pulled> RunAsync(string name, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        if (OllamaCloud.Names(name))
            throw new LocalMcpException($"{name} is one of Ollama's cloud models: it would not run on this machine. Pull one without \"cloud\" in its tag.");
        watch(new PullStep.Phase("looking for Ollama"));
        var endpoint = await FindAsync(cancellationToken);
        using var server = endpoint.Connect($"Ollama at {endpoint.Address}", endpoint.Root, settings.Read().Limits, clock, ServerKind.Ollama.HowToStart);
        var layers = new Dictionary<string, (long Done, long Total)>();
        var succeeded = false;
        await foreach (var line in LinesAsync(server, name, watch, cancellationToken))
        {
            if (line.Error is { } error)
                throw Failure(server, name, error);
            if (line.Digest is { } digest && line.Total is > 0 and var total)
                layers[digest] = (Math.Clamp(line.Completed ?? 0, 0, total), total);
            watch(line.Digest is null || layers.Count == 0 ? new PullStep.Phase(server.Words(line.Status ?? "")) : new PullStep.Bytes(layers.Values.Sum(l => l.Done), layers.Values.Sum(l => l.Total)));
            succeeded = line.Status == "success";
        }
        if (!succeeded)
            throw new LocalMcpException($"{server.Label} ended the pull of {name} without saying that it was complete. The same command goes on from where it was.");
        return new Pulled(name, server.Label, layers.Count > 0 ? layers.Values.Sum(l => l.Total) : null, Came: true);
    }

    private async Task<Endpoint> FindAsync(CancellationToken cancellationToken)
    {
        BackendException? failure = null;
        foreach (var endpoint in Endpoint.All(environment, settings.Read()).Where(one => one.Named || one.MightBe(ServerKind.Ollama.Name)).OrderBy(one => one.BackendName(ServerKind.Ollama) != ServerKind.Ollama.Name))
        {
            try
            {
                if (await probe.IdentifyAsync(endpoint, cancellationToken) is OllamaBackend)
                    return endpoint;
            }
            catch (BackendException nobody)
            {
                failure ??= nobody;
            }
        }
        throw new LocalMcpException($"There is no Ollama to pull with{(failure is null ? "" : $" ({failure.Brief.TrimEnd('.')})")}. {ServerKind.Ollama.HowToStart}, or pull from Hugging Face: hf:owner/repo.");
    }

    private static async IAsyncEnumerable<Line> LinesAsync(ServerConnection server, string name, Action<PullStep> watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Body(name, Stream: true), OllamaPullJson.Default.Body);
        await foreach (var step in server.OpenAsync("api/pull", body, cancellationToken))
        {
            if (step.Waiting is ChatDelta.Progress waiting)
                watch(new PullStep.Phase(waiting.Message));
            if (step.Response is not { } opened)
                continue;
            using var response = opened;
            if (!response.IsSuccessStatusCode)
            {
                var reply = await server.ReadAsync(response, cancellationToken);
                var words = server.WordsOf(reply.Body);
                yield return new Line(null, null, null, null, words.Length > 0 ? words : $"it answered {(int)reply.Status}");
                yield break;
            }
            await foreach (var text in server.Guard(TextsAsync(response, cancellationToken), cancellationToken))
                yield return Parse(text) ?? throw server.Unintelligible("a line of Ollama's pull", text);
        }
    }

    private static async IAsyncEnumerable<string> TextsAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new LineLimit(await response.Content.ReadAsStreamAsync(cancellationToken)), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }

    private LocalMcpException Failure(ServerConnection server, string name, string error)
    {
        var unknown = error.Contains("file does not exist", StringComparison.Ordinal) || error.Contains("not found", StringComparison.Ordinal) || error.Contains("invalid model name", StringComparison.Ordinal);
        if (!unknown)
            return new LocalMcpException($"{server.Label} could not pull {name}: \"{server.Words(error)}\". Try again; the same command goes on from where it was.");
        var near = NearestNames.Of(name, catalog.OllamaNames(), MostSuggestions);
        return new LocalMcpException($"Ollama's library has no {name} (\"{server.Words(error)}\"). {(near.Count > 0 ? $"Of a like name: {string.Join(", ", near)}." : "https://ollama.com/search shows what there is.")}");
    }

    private static Line? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, OllamaPullJson.Default.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Body(string Model, bool Stream);

    internal sealed record Line(string? Status, string? Digest, long? Total, long? Completed, string? Error);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OllamaPull.Body))]
[JsonSerializable(typeof(OllamaPull.Line))]
internal sealed partial class OllamaPullJson : JsonSerializerContext;
