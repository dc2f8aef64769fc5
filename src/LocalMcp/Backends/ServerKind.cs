namespace LocalMcp.Backends;

/// <summary>A kind of model server: what it is called, the port that it likes, and how a user brings it up.</summary>
internal sealed record ServerKind(string Name, string Label, int Port, string HowToStart)
{
    public static readonly ServerKind Ollama = new("ollama", "Ollama", 11434, "Start it with `ollama serve` or the Ollama app");
    public static readonly ServerKind LmStudio = new("lmstudio", "LM Studio", 1234, "Start its server with `lms server start` or in its Developer tab");
    public static readonly ServerKind Omlx = new("omlx", "oMLX", 8000, "Start the oMLX app");
    public static readonly ServerKind Vllm = new("vllm", "vLLM", 8000, "Start it with `vllm serve`");
    public static readonly ServerKind LlamaServer = new("llama-server", "llama-server", 8080, "Start it with `llama-server -m <file.gguf>`");
    public static readonly ServerKind Exo = new("exo", "exo", 52415, "Start it with `exo`");
    public static readonly ServerKind OpenAi = new("openai", "The server", 0, "Start the server, or correct its URL in LOCAL_MCP_URL or settings.json");

    public static IReadOnlyList<ServerKind> All { get; } = [Ollama, LmStudio, Omlx, Vllm, LlamaServer, Exo, OpenAi];
}
