namespace LocalMcp.FakeServer;

public sealed partial record FakeOptions
{
    /// <summary>llama-server and vLLM: whether there are pages that count a prompt. Older ones have none.</summary>
    public bool CountsTokens { get; init; } = true;
}
