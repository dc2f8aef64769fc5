namespace LocalMcp.Backends.Ollama;

/// <summary>Which of Ollama's models do not run where Ollama runs. Their prompts would leave the machine, so they are refused.</summary>
internal static class OllamaCloud
{
    /// <summary>Where Ollama sends what has a name of its cloud.</summary>
    public const string Host = "ollama.com";

    private const string UnnamedHost = "a host that it does not name";

    /// <summary>
    /// Whether Ollama sends a chat with a model of this name to its cloud: the tag is <c>cloud</c>, or it ends in <c>-cloud</c>. <c>X:local</c> is not such a
    /// name, whatever X is. Source: internal/modelref of Ollama 0.33, which reads the tag alone; a name without one is taken as strictly here.
    /// </summary>
    public static bool Names(string name) => name.Trim() is var plain && (plain.EndsWith(":cloud", StringComparison.OrdinalIgnoreCase) || plain.EndsWith("-cloud", StringComparison.OrdinalIgnoreCase));

    /// <summary>The host that runs a model by what a list says of it; null for the machine that Ollama is on.</summary>
    public static string? HostOf(string name, string? remoteHost, string? remoteModel) => (remoteHost, remoteModel) switch
    {
        ({ Length: > 0 } host, _) => PlainText.Of(host),
        (_, { Length: > 0 }) => UnnamedHost,
        _ => Names(name) ? Host : null,
    };

    /// <summary>The sentence for a model that its backend passes on.</summary>
    public static string Refusal(string name, string backend, string host) => $"\"{name}\" is not run on this machine: {backend} passes it on to {host}. Local means local, so it is refused.";
}
