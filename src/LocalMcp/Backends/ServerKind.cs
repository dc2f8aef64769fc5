namespace LocalMcp.Backends;

/// <summary>The fields of a chat request by which an OpenAI-compatible server is told whether the model may reason.</summary>
internal enum ReasoningSwitch
{
    /// <summary>None that is known. Unknown fields may be refused, so none is sent.</summary>
    None,

    /// <summary><c>chat_template_kwargs</c>, with the names that templates ask for. vLLM: docs/features/reasoning_outputs.md; oMLX: omlx/api/openai_models.py.</summary>
    Template,

    /// <summary>
    /// The same, and no budget of tokens: a template that always opens the reasoning is overruled. llama-server: tools/server/README.md; it ignores
    /// fields that it does not know, and has had two names for the budget, one after the other.
    /// </summary>
    TemplateAndBudget,

    /// <summary><c>reasoning_effort</c>, "none" for none. LM Studio from 0.4.17; older ones ignore it.</summary>
    Effort,

    /// <summary><c>enable_thinking</c>. exo: docs/api.md.</summary>
    Flag,
}

/// <summary>A kind of model server: what it is called, the port that it likes, how a user brings it up, and how its models are told not to reason.</summary>
internal sealed record ServerKind(string Name, string Label, int Port, string HowToStart, ReasoningSwitch Switch = ReasoningSwitch.None)
{
    /// <summary>How it is brought to serve a model with a context of {0} tokens, as a clause.</summary>
    public string MoreContext { get; init; } = "have the server serve it with a context of {0}";

    public static readonly ServerKind Ollama = new("ollama", "Ollama", 11434, "Start it with `ollama serve` or the Ollama app");
    public static readonly ServerKind LmStudio = new("lmstudio", "LM Studio", 1234, "Start its server with `lms server start` or in its Developer tab", ReasoningSwitch.Effort)
    {
        MoreContext = "load it in LM Studio with a context length of {0}",
    };
    public static readonly ServerKind Omlx = new("omlx", "oMLX", 8000, "Start the oMLX app", ReasoningSwitch.Template)
    {
        MoreContext = "raise its context window in oMLX to {0}",
    };
    public static readonly ServerKind Vllm = new("vllm", "vLLM", 8000, "Start it with `vllm serve`", ReasoningSwitch.Template)
    {
        MoreContext = "start vLLM with --max-model-len {0}",
    };
    public static readonly ServerKind LlamaServer = new("llama-server", "llama-server", 8080, "Start it with `llama-server -m <file.gguf>`", ReasoningSwitch.TemplateAndBudget)
    {
        MoreContext = "start llama-server with a --ctx-size that gives each of its slots {0}",
    };
    public static readonly ServerKind Exo = new("exo", "exo", 52415, "Start it with `exo`", ReasoningSwitch.Flag);
    public static readonly ServerKind OpenAi = new("openai", "The server", 0, "Start the server, or correct its URL in LOCAL_MCP_URL or settings.json");

    public static IReadOnlyList<ServerKind> All { get; } = [Ollama, LmStudio, Omlx, Vllm, LlamaServer, Exo, OpenAi];
}
