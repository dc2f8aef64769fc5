using System.Globalization;
using LocalMcp.Backends.Ollama;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>What Ollama does without a word: a short context, and models that run elsewhere.</summary>
internal sealed class OllamaChecks(UserEnvironment environment, Survey survey)
{
    /// <summary>
    /// What Ollama serves where nothing else is set and the graphics memory is under 23 GiB, in tokens (envconfig and server/routes.go of Ollama 0.33).
    /// </summary>
    private const int Default = 4096;

    private const int MostNamed = 5;
    private const string Raise = "Set OLLAMA_CONTEXT_LENGTH=16384 for `ollama serve` (in the Ollama app: Settings, Context length), or num_ctx in a Modelfile; longer contexts take more memory.";

    /// <summary>A longer prompt is refused when we send it, and cut in silence when others do.</summary>
    public async Task<IReadOnlyList<Check>> ContextAsync(string title, CancellationToken cancellationToken)
    {
        var listing = await survey.ListingAsync(cancellationToken);
        var servers = listing.Backends.Values.OfType<OllamaBackend>().ToList();
        return [.. servers.Select(server => Context(servers.Count == 1 ? title : $"{title} of {server.Name}", [.. listing.Models.Where(m => m.Backend == server.Name && m.Loaded is true)]))];
    }

    /// <summary>Listed by the server here, run by another one: refused, whatever their names.</summary>
    public async Task<IReadOnlyList<Check>> CloudAsync(string title, CancellationToken cancellationToken)
    {
        var listing = await survey.ListingAsync(cancellationToken);
        var cloud = listing.Models.Where(model => model.RemoteHost is not null).Select(model => $"{model.Name} ({model.Backend} passes it on to {model.RemoteHost})").ToList();
        if (cloud.Count > 0)
            return [Check.Note(title, $"{Named.Some(cloud, MostNamed)}; refused here, local means local")];
        return listing.Backends.Values.OfType<OllamaBackend>().Any() ? [Check.Good(title, "none")] : [];
    }

    private Check Context(string title, IReadOnlyList<ModelFacts> loaded)
    {
        var known = loaded.Where(model => model.ContextLength is not null).ToList();
        // One that was trained for no more has all that it can have.
        var small = known.Where(model => model.ContextLength <= Default && !(model.TrainedContext <= model.ContextLength)).ToList();
        if (small.Count > 0)
            return Check.Note(title, $"{Served(small)}, and a longer prompt is refused here and cut in silence by others", Raise);
        if (known.Count > 0)
            return Check.Good(title, Served(known));
        return int.TryParse(environment.OllamaContextLength, NumberStyles.None, CultureInfo.InvariantCulture, out var set) && set > 0
            ? set > Default
                ? Check.Good(title, $"no model is loaded that would tell; OLLAMA_CONTEXT_LENGTH is {Tokens(set)} in this environment")
                : Check.Note(title, $"no model is loaded that would tell; OLLAMA_CONTEXT_LENGTH is only {Tokens(set)} in this environment", Raise)
            : Check.Note(title, $"no model is loaded that would tell, and OLLAMA_CONTEXT_LENGTH is not set in this environment: it may be {Tokens(Default)}, Ollama's default on small machines", Raise);
    }

    private static string Served(IReadOnlyList<ModelFacts> models) => Named.Some([.. models.Select(model => $"{model.Name} is served with {Tokens(model.ContextLength!.Value)} tokens")], MostNamed);

    private static string Tokens(int tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
