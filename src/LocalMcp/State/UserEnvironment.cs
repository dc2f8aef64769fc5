using System.Globalization;

namespace LocalMcp.State;

/// <summary>What the user's environment says: folders (XDG base directories) and the variables that this program reads. Never logged.</summary>
internal sealed class UserEnvironment(Func<string, string?> variable)
{
    private static readonly string[] FolderNames = ["HOME", "PATH", "TMPDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"];

    public static UserEnvironment OfThisProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary><c>~/.config/local-mcp</c>, or below XDG_CONFIG_HOME.</summary>
    public string ConfigFolder => Below("XDG_CONFIG_HOME", ".config");

    /// <summary><c>~/.local/share/local-mcp</c>, or below XDG_DATA_HOME: models and the private engine.</summary>
    public string DataFolder => Below("XDG_DATA_HOME", Path.Combine(".local", "share"));

    /// <summary><c>~/.local/state/local-mcp</c>, or below XDG_STATE_HOME: what can be lost and comes again by itself.</summary>
    public string StateFolder => Below("XDG_STATE_HOME", Path.Combine(".local", "state"));

    public string SettingsFile => Path.Combine(ConfigFolder, "settings.json");

    public string ActiveModelFile => Path.Combine(ConfigFolder, "active_model");

    public string SpeedsFile => Path.Combine(StateFolder, "speeds.json");

    /// <summary>The log of calls: <c>stats</c> in the state folder.</summary>
    public string StatsFolder => Path.Combine(StateFolder, "stats");

    public string ModelFolder => Path.Combine(DataFolder, "models");

    /// <summary>OpenAI-compatible base URLs, separated by commas. Set means: these, and no look at the well-known ports.</summary>
    public IReadOnlyList<string> Urls =>
        Text("LOCAL_MCP_URL").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The key sent to the servers of <see cref="Urls"/>, or empty.</summary>
    public string ApiKey => Text("LOCAL_MCP_API_KEY");

    public string OllamaHost => Text("OLLAMA_HOST");

    /// <summary>The folders of PATH, in order; relative ones are left out, or the current folder would decide which program runs.</summary>
    public IReadOnlyList<string> SearchPath => [.. Text("PATH").Split(Path.PathSeparator).Where(Path.IsPathRooted)];

    /// <summary>
    /// Folders of ours for sockets, best first: below XDG_RUNTIME_DIR where that is there, below XDG_STATE_HOME, else one with the user's number in the
    /// folder for temporary files. The same for every session of a user, or they would not find each other.
    /// </summary>
    public IReadOnlyList<string> RuntimeFolders =>
    [
        .. new[] { Text("XDG_RUNTIME_DIR") }.Where(Path.IsPathRooted).Where(Directory.Exists).Where(IsNoOtherUsers).Select(folder => Path.Combine(folder, "local-mcp")),
        Path.Combine(StateFolder, "run"),
        Path.Combine(Text("TMPDIR") is { Length: > 0 } temporary && Path.IsPathRooted(temporary) ? temporary : "/tmp", $"local-mcp-{Unix.User}"),
    ];

    /// <summary>The variables that this program reads to find its folders, with their values: what a process of it in the same home has to be given.</summary>
    public IReadOnlyDictionary<string, string?> Folders =>
        FolderNames.ToDictionary(name => name, variable);

    public string Home => Text("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary><c>~/.config</c>, or XDG_CONFIG_HOME: where other programs keep their settings.</summary>
    public string ConfigHome => Folder("XDG_CONFIG_HOME") ?? Path.Combine(Home, ".config");

    /// <summary><c>~/.cache</c>, or XDG_CACHE_HOME: where other programs keep what they downloaded.</summary>
    public string CacheHome => Folder("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache");

    /// <summary>The folder that llama.cpp downloads into because LLAMA_CACHE says so; null where it decides for itself.</summary>
    public string? LlamaCache => Folder("LLAMA_CACHE");

    /// <summary>
    /// Hugging Face's hub cache: HF_HUB_CACHE, else its older name HUGGINGFACE_HUB_CACHE, else <c>hub</c> below HF_HOME, else
    /// <c>huggingface/hub</c> below <see cref="CacheHome"/>. Source: huggingface_hub/constants.py, and llama.cpp's common/hf-cache.cpp.
    /// </summary>
    public string HuggingFaceHub => Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(HuggingFaceHome, "hub");

    /// <summary>The base URL of Hugging Face, or of a mirror: HF_ENDPOINT, else <c>https://huggingface.co</c>.</summary>
    public string HuggingFaceEndpoint => Text("HF_ENDPOINT") is { Length: > 0 } endpoint ? endpoint : "https://huggingface.co";

    /// <summary>The access token of the environment: HF_TOKEN, else its older name HUGGING_FACE_HUB_TOKEN; empty without one. A secret.</summary>
    public string HuggingFaceToken => Text("HF_TOKEN") is { Length: > 0 } token ? token : Text("HUGGING_FACE_HUB_TOKEN");

    /// <summary>Where Hugging Face's own command line keeps the access token: HF_TOKEN_PATH, else <c>token</c> below HF_HOME. Source: huggingface_hub/constants.py.</summary>
    public string HuggingFaceTokenFile => Folder("HF_TOKEN_PATH") ?? Path.Combine(HuggingFaceHome, "token");

    private string HuggingFaceHome => Folder("HF_HOME") ?? Path.Combine(CacheHome, "huggingface");

    /// <summary>OLLAMA_CONTEXT_LENGTH as it is here, or empty. An Ollama that was started elsewhere may have another.</summary>
    public string OllamaContextLength => Text("OLLAMA_CONTEXT_LENGTH");

    /// <summary>Claude Code's folder: CLAUDE_CONFIG_DIR, else <c>~/.claude</c>.</summary>
    public string ClaudeFolder => ClaudeConfig.Length > 0 ? Path.GetFullPath(ClaudeConfig) : Path.Combine(Home, ".claude");

    /// <summary>The file in which Claude Code keeps servers and projects: <c>~/.claude.json</c>, or <c>.claude.json</c> in CLAUDE_CONFIG_DIR.</summary>
    public string ClaudeFile => Path.Combine(ClaudeConfig.Length > 0 ? ClaudeFolder : Home, ".claude.json");

    /// <summary>The project of the Claude Code session that this process belongs to; null outside of one.</summary>
    public string? ClaudeProject => Folder("CLAUDE_PROJECT_DIR");

    /// <summary>One of the variables by which Claude Code itself is set, or null. ANTHROPIC_BASE_URL may hold a key: it is never shown.</summary>
    public string? ClaudeVariable(string name) => name is "ANTHROPIC_BASE_URL" or "CLAUDE_CODE_ATTRIBUTION_HEADER" or "CLAUDE_CODE_TOTAL_TOKENS_REMINDER" ? variable(name) : null;

    /// <summary>The hosts that are excepted from a proxy, separated by commas: no_proxy, which wins with most programs, else NO_PROXY; empty without any.</summary>
    public string NoProxy => Text("no_proxy") is { Length: > 0 } excepted ? excepted : Text("NO_PROXY");

    private string ClaudeConfig => Text("CLAUDE_CONFIG_DIR");

    // A relative path would mean another folder in every session.
    private string? Folder(string name) => Expand(Text(name)) is var folder && Path.IsPathRooted(folder) ? folder : null;

    /// <summary>A path of the settings, with a leading <c>~/</c> read as the home.</summary>
    public string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path;

    // What su leaves behind: root could use the folder of the user who became root, and that user could not use it any more.
    private static bool IsNoOtherUsers(string folder) =>
        !(Path.GetDirectoryName(folder) == "/run/user" && uint.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var user) && user != Unix.User);

    private string Text(string name) => variable(name)?.Trim() ?? "";

    // The XDG specification: a relative path in these variables is invalid and to be ignored.
    private string Below(string name, string otherwise)
    {
        var folder = Text(name);
        return Path.Combine(Path.IsPathRooted(folder) ? folder : Path.Combine(Home, otherwise), "local-mcp");
    }
}
