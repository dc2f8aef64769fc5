namespace LocalMcp.FakeServer;

public sealed partial record FakeOptions
{
    /// <summary>Whether Claude's Messages API is spoken at /v1/messages, by the kinds that have one: llama-server, LM Studio and Ollama. Older ones do not.</summary>
    public bool SpeaksMessages { get; init; } = true;

    /// <summary>Ollama: what /api/version says.</summary>
    public string OllamaVersion { get; init; } = "0.33.0-rc2";
}
