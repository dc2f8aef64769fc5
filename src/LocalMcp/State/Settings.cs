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

    /// <summary>How long we wait for what.</summary>
    public Limits Limits { get; set; } = new();
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
