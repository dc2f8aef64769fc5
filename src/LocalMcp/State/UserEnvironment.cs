namespace LocalMcp.State;

/// <summary>What the user's environment says: folders (XDG base directories) and the variables that this program reads. Never logged.</summary>
internal sealed class UserEnvironment(Func<string, string?> variable)
{
    public static UserEnvironment OfThisProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary><c>~/.config/local-mcp</c>, or below XDG_CONFIG_HOME.</summary>
    public string ConfigFolder => Below("XDG_CONFIG_HOME", ".config");

    /// <summary><c>~/.local/share/local-mcp</c>, or below XDG_DATA_HOME: models and the private engine.</summary>
    public string DataFolder => Below("XDG_DATA_HOME", Path.Combine(".local", "share"));

    public string SettingsFile => Path.Combine(ConfigFolder, "settings.json");

    public string ActiveModelFile => Path.Combine(ConfigFolder, "active_model");

    public string ModelFolder => Path.Combine(DataFolder, "models");

    /// <summary>OpenAI-compatible base URLs, separated by commas. Set means: these, and no look at the well-known ports.</summary>
    public IReadOnlyList<string> Urls =>
        Text("LOCAL_MCP_URL").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The key sent to the servers of <see cref="Urls"/>, or empty.</summary>
    public string ApiKey => Text("LOCAL_MCP_API_KEY");

    public string OllamaHost => Text("OLLAMA_HOST");

    /// <summary>The folders of PATH, in order; relative ones are left out, or the current folder would decide which program runs.</summary>
    public IReadOnlyList<string> SearchPath => [.. Text("PATH").Split(Path.PathSeparator).Where(Path.IsPathRooted)];

    /// <summary>Where sockets may live, best first: XDG_RUNTIME_DIR, TMPDIR, /tmp.</summary>
    public IReadOnlyList<string> RuntimeFolders => [.. new[] { Text("XDG_RUNTIME_DIR"), Text("TMPDIR"), "/tmp" }.Where(Path.IsPathRooted)];

    public string Home => Text("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>A path of the settings, with a leading <c>~/</c> read as the home.</summary>
    public string Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path;

    private string Text(string name) => variable(name)?.Trim() ?? "";

    // The XDG specification: a relative path in these variables is invalid and to be ignored.
    private string Below(string name, string otherwise)
    {
        var folder = Text(name);
        return Path.Combine(Path.IsPathRooted(folder) ? folder : Path.Combine(Home, otherwise), "local-mcp");
    }
}
