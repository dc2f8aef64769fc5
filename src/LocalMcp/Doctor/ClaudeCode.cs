using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>Claude Code as it is set up for this user and one project. Its files are read when they are asked for, once.</summary>
/// <param name="project">The folder that a session would be started in.</param>
internal sealed class ClaudeCode(UserEnvironment environment, string project)
{
    private static readonly string[] ProjectSettings = ["settings.local.json", "settings.json"];

    private readonly Lazy<ClaudeConfig> config = new(() => ClaudeJson.Config(environment.ClaudeFile));

    public UserEnvironment Environment => environment;

    /// <exception cref="LocalMcpException">The file cannot be read, or is not JSON.</exception>
    public ClaudeConfig Config => config.Value;

    /// <summary>Whether Claude Code has been here: its program on PATH or where it installs itself, or its file.</summary>
    public bool IsThere => IsOnPath || File.Exists(environment.ClaudeFile);

    public bool IsOnPath => environment.SearchPath.Append(Path.Combine(environment.Home, ".local", "bin")).Append(Path.Combine(environment.Home, ".claude", "local")).Any(folder => File.Exists(Path.Combine(folder, "claude")));

    /// <summary>What Claude Code may take for the project: its folder, and the root of the repository that it lies in.</summary>
    public IEnumerable<string> Roots => Above.Take(1).Concat(Above.Where(folder => Path.Exists(Path.Combine(folder, ".git"))).Take(1)).Distinct();

    // The project's folder and all above it, the nearest first: where Claude Code looks for .mcp.json.
    private IEnumerable<string> Above
    {
        get
        {
            for (var folder = Path.GetFullPath(project); folder is not null; folder = Path.GetDirectoryName(folder))
                yield return folder;
        }
    }

    /// <summary>The settings that are in force in the project, the strongest first: its local ones, its shared ones, the user's.</summary>
    /// <exception cref="LocalMcpException">One of the files cannot be read, or is not JSON.</exception>
    public IReadOnlyList<ClaudeSettings> Settings =>
    [
        .. ProjectSettings.SelectMany(file => Roots.Select(folder => Path.Combine(folder, ".claude", file)).Where(File.Exists).Take(1))
            .Append(Path.Combine(environment.ClaudeFolder, "settings.json")).Distinct().Select(ClaudeJson.Settings),
    ];

    /// <summary>Whether this project is the one that Claude Code keeps under <paramref name="folder"/>.</summary>
    public bool IsAt(string folder) => Roots.Contains(Path.TrimEndingDirectorySeparator(folder));

    /// <summary>Our server in the nearest file of this name, here or above; null where none names it.</summary>
    /// <exception cref="LocalMcpException">Such a file cannot be read, or is not JSON.</exception>
    public (string File, ClaudeServer Server)? ProjectServer(string fileName)
    {
        foreach (var file in Above.Select(folder => Path.Combine(folder, fileName)))
        {
            if (ClaudeJson.Project(file)?.FirstOrDefault(server => server.Program is not null) is { } ours)
                return (file, ours);
        }
        return null;
    }

    /// <summary>What the user said to a server of <c>.mcp.json</c>: true, false, or null when he was not asked yet.</summary>
    /// <exception cref="LocalMcpException">A file cannot be read, or is not JSON.</exception>
    public bool? IsApproved(ClaudeServer server)
    {
        var said = Config.Projects.Where(kept => IsAt(kept.Folder)).Select(kept => kept.Approvals).Concat(Settings.Select(settings => settings.Approvals)).ToList();
        if (said.Any(words => words.No.Contains(server.Name)))
            return false;
        return said.Any(words => words.All || words.Yes.Contains(server.Name)) ? true : null;
    }

    /// <summary>The value that a session here would have: the settings' own, else the environment's; null when neither sets it.</summary>
    /// <exception cref="LocalMcpException">A file cannot be read, or is not JSON.</exception>
    public string? Variable(string name) => Settings.Select(settings => settings.Variables.GetValueOrDefault(name)).FirstOrDefault(value => value is not null) ?? environment.ClaudeVariable(name);
}
