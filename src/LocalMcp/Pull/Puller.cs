using LocalMcp.Models;

namespace LocalMcp.Pull;

/// <summary>Pulls a model by any of its names: from Hugging Face, through Ollama, or by a name of the catalog.</summary>
internal sealed class Puller(PullCatalog catalog, HubPull hub, OllamaPull ollama)
{
    private const int MostSuggestions = 5;

    /// <summary>Pulls, and says what is there now.</summary>
    /// <exception cref="LocalMcpException">It cannot be had, or should not.</exception>
    public Task<Pulled> RunAsync(string name, bool force, Action<PullStep> watch, CancellationToken cancellationToken) => (PullName.Parse(name) ?? InCatalog(name.Trim())) switch
    {
        PullSource.HuggingFace source => hub.RunAsync(source, force, watch, cancellationToken),
        PullSource.Ollama source when !force && catalog.OllamaObjection(source.Name) is { } objection => throw new LocalMcpException($"{objection} Nothing was downloaded; `--force` downloads it all the same."),
        PullSource.Ollama source => ollama.RunAsync(source.Name, watch, cancellationToken),
        var other => throw new NotSupportedException($"There is no way to pull {other}."),
    };

    private PullSource InCatalog(string name)
    {
        if (catalog.Find(name) is { } source)
            return source;
        if (PullName.IsRepository(name.Split(':', 2)[0]))
            throw new LocalMcpException($"The catalog has no \"{name}\". For a repository of Hugging Face write hf:{name}, for a model of Ollama's ollama:{name}.");
        var near = name.Length == 0 ? [] : NearestNames.Of(name, catalog.Names(), MostSuggestions);
        throw new LocalMcpException($"The catalog has no \"{name}\".{(near.Count > 0 ? $" It has: {string.Join(", ", near)}." : "")} For a repository of Hugging Face write hf:owner/repo, for a model of Ollama's ollama:name.");
    }
}
