using LocalMcp.Models.Catalog;

namespace LocalMcp.State;

/// <summary>What the user may set in <c>~/.config/local-mcp/settings.json</c>. Every setting has a working default.</summary>
internal sealed class Settings
{
    /// <summary>Model servers beside those found on the well-known ports. Default: none.</summary>
    public List<ServerSetting> Servers { get; set; } = [];

    /// <summary>Folders with GGUF files for the engine, beside our own. Default: none.</summary>
    public List<string> ModelFolders { get; set; } = [];

    /// <summary>Path of the llama-server program. Default: empty, which means the first one found on PATH, in Homebrew's folders, or as our private copy.</summary>
    public string EngineProgram { get; set; } = "";

    /// <summary>Context length that the engine is started with, in tokens, bounded by what the model was trained for. 512 to 1,048,576; default 16,384.</summary>
    public int ContextLength { get; set; } = 16_384;

    /// <summary>How the engine is run.</summary>
    public EngineSettings Engine { get; set; } = new();

    /// <summary>How long we wait for what.</summary>
    public Limits Limits { get; set; } = new();

    /// <summary>Hosts beside this machine that model servers may be asked on, as names or addresses. What is asked goes there. Default: none.</summary>
    public List<string> AllowHosts { get; set; } = [];

    /// <summary>How Ollama is asked.</summary>
    public OllamaSettings Ollama { get; set; } = new();

    /// <summary>Which files may be read and written.</summary>
    public FileSettings Files { get; set; } = new();

    /// <summary>Whether figures of each call are kept for <c>local-mcp stats</c>: counts, speeds and names of models, nothing of what was asked or answered. Default true.</summary>
    public bool KeepStats { get; set; } = true;

    /// <summary>Models beside those of our catalog, or in place of those of the same name (docs/catalog.md). Default: none.</summary>
    public List<CatalogModel> Catalog { get; set; } = [];
}

/// <summary>A model server that the user names.</summary>
internal sealed class ServerSetting
{
    /// <summary>Base URL of an OpenAI-compatible API (with or without /v1) or of Ollama. Required.</summary>
    public string Url { get; set; } = "";

    /// <summary>The name it goes by in lists and in the active model. Default: the kind of server that it turns out to be.</summary>
    public string Name { get; set; } = "";

    /// <summary>Sent as a bearer token. Default: none.</summary>
    public string ApiKey { get; set; } = "";
}

/// <summary>How Ollama is asked.</summary>
internal sealed class OllamaSettings
{
    /// <summary>
    /// Context length that every chat asks Ollama for, in tokens, bounded by what the model was trained for. It is always the same, for another one
    /// makes Ollama load the model again. 0 or 512 to 1,048,576; default 0, which leaves it to Ollama.
    /// </summary>
    public int ContextLength { get; set; }
}

/// <summary>Which files may be read and written.</summary>
internal sealed class FileSettings
{
    /// <summary>Folders beside the client's own. Default: none.</summary>
    public List<string> Roots { get; set; } = [];

    /// <summary>
    /// Files that may be read although they are on the list of secrets, as patterns like those of .gitignore, relative to the root: <c>.env.test</c>. What they hold
    /// may end in the context of a cloud model. Default: none.
    /// </summary>
    public List<string> AllowSecrets { get; set; } = [];

    /// <summary>The largest file that is read, in MiB. 1 to 64; default 4.</summary>
    public int LargestMib { get; set; } = 4;
}

/// <summary>How the engine is run. 0 or an empty text leaves a choice to us, by the machine and the model.</summary>
internal sealed class EngineSettings
{
    /// <summary>How long engine and keeper stay after the last session has gone, in seconds. 1 to 604,800; default 600.</summary>
    public int IdleSeconds { get; set; } = 600;

    /// <summary>How long a model's weights stay in memory after its last answer, in seconds. 1 to 604,800; default 300.</summary>
    public int UnloadSeconds { get; set; } = 300;

    /// <summary>How many models may be in memory at once, where they fit. 1 to 16; default 1.</summary>
    public int MaxResidentModels { get; set; } = 1;

    /// <summary>Slots: how many answers run at once, each with the whole context length. 0 to 64; default 0: up to 4, by the memory.</summary>
    public int Parallel { get; set; }

    /// <summary>Threads of the engine. 0 to 1,024; default 0: physical cores less one, at least one.</summary>
    public int Threads { get; set; }

    /// <summary>Layers on the GPU: a number, all, or auto, which leaves it to the engine. Default: empty, which means all where there is a GPU.</summary>
    public string GpuLayers { get; set; } = "";

    /// <summary>Type of the KV cache: f16, q8_0, q4_0 … Default: empty, which means q8_0 where flash attention and the model allow it.</summary>
    public string KvCache { get; set; } = "";

    /// <summary>Flash attention: on, off or auto. Default: empty, which means on with a quantized KV cache.</summary>
    public string FlashAttention { get; set; } = "";

    /// <summary>Most memory for prompts that the engine keeps beside its slots, in MiB; 0 for none. -1 to 1,048,576; default -1: by the free memory, at most 8,192.</summary>
    public int PromptCacheMib { get; set; } = -1;

    /// <summary>Port on 127.0.0.1 for programs that were told to find the engine there; nothing listens on it before one was. 1,024 to 65,535; default 11,535.</summary>
    public int Port { get; set; } = 11_535;

    /// <summary>Whether a model that by our estimate does not fit into the memory is refused before it is loaded. Default true.</summary>
    public bool CheckMemory { get; set; } = true;

    /// <summary>Further arguments for the engine; they come last, and so win. Default: none.</summary>
    public List<string> Arguments { get; set; } = [];

    internal TimeSpan Idle => TimeSpan.FromSeconds(IdleSeconds);

    internal TimeSpan Unload => TimeSpan.FromSeconds(UnloadSeconds);
}

/// <summary>The clocks. Each is named in the error that it causes.</summary>
internal sealed class Limits
{
    /// <summary>To open a connection, in seconds. 1 to 600; default 5.</summary>
    public int ConnectSeconds { get; set; } = 5;

    /// <summary>For a model to be loaded, in minutes. 1 to 120; default 10.</summary>
    public int LoadMinutes { get; set; } = 10;

    /// <summary>From the request, or the last sign of loading, to the first token, in minutes. 1 to 120; default 10.</summary>
    public int FirstTokenMinutes { get; set; } = 10;

    /// <summary>Between two tokens, in seconds. 1 to 3,600; default 120.</summary>
    public int SilenceSeconds { get; set; } = 120;

    /// <summary>For a whole call, in minutes. 1 to 1,440; default 60.</summary>
    public int CallMinutes { get; set; } = 60;

    internal TimeSpan Connect => TimeSpan.FromSeconds(ConnectSeconds);

    internal TimeSpan Load => TimeSpan.FromMinutes(LoadMinutes);

    internal TimeSpan FirstToken => TimeSpan.FromMinutes(FirstTokenMinutes);

    internal TimeSpan Silence => TimeSpan.FromSeconds(SilenceSeconds);

    internal TimeSpan Call => TimeSpan.FromMinutes(CallMinutes);
}
