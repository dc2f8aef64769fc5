namespace LocalMcp.Doctor;

/// <summary>The part of <c>.claude.json</c> that concerns MCP servers.</summary>
/// <param name="Servers">For all projects of the user: its scope is called user.</param>
internal sealed record ClaudeConfig(IReadOnlyList<ClaudeServer> Servers, IReadOnlyList<ClaudeProject> Projects);

/// <summary>What it keeps for one project.</summary>
/// <param name="Servers">For this project of this user alone: its scope is called local.</param>
/// <param name="TurnedOff">The names of servers that the user turned off there, of any scope.</param>
internal sealed record ClaudeProject(string Folder, IReadOnlyList<ClaudeServer> Servers, Approvals Approvals, IReadOnlyList<string> TurnedOff);

/// <summary>The part of a <c>settings.json</c> that concerns us.</summary>
/// <param name="Variables">Those of <see cref="ClaudeJson.Variables"/> that it sets.</param>
internal sealed record ClaudeSettings(Approvals Approvals, IReadOnlyDictionary<string, string> Variables);

/// <summary>What the user said to the servers that a project's <c>.mcp.json</c> names.</summary>
internal sealed record Approvals(IReadOnlyList<string> Yes, IReadOnlyList<string> No, bool All)
{
    public static Approvals None { get; } = new([], [], false);
}

/// <summary>An MCP server that Claude Code starts as a program.</summary>
/// <param name="Command">Empty for one that is no program.</param>
/// <param name="Arguments">May hold secrets of other servers: never shown.</param>
internal sealed record ClaudeServer(string Name, string Command, IReadOnlyList<string> Arguments)
{
    private static readonly string[] Ours = ["local-mcp", "local-mcp.dll", "LocalMcp", "LocalMcp.csproj"];

    /// <summary>The word of its command line that is this product, in whichever copy; null for another server.</summary>
    public string? Program => Arguments.Prepend(Command).FirstOrDefault(word => Ours.Contains(Path.GetFileName(Path.TrimEndingDirectorySeparator(word))));

    /// <summary>Whether it is built or hosted at every start, which is slow.</summary>
    public bool ThroughDotnet => Path.GetFileName(Command) is "dotnet";

    public bool Serves => Arguments.Contains("serve");
}
