using LocalMcp.State;

namespace LocalMcp.Launch;

/// <summary>Finds Claude Code.</summary>
internal static class Programs
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What to do where it is not there.</summary>
    public const string Missing = "the program claude is not on PATH. Get it with `npm install -g @anthropic-ai/claude-code`, or as https://code.claude.com/docs says, and open a new terminal";

    /// <summary>Path of <c>claude</c>: the first on PATH, else where it installs itself; null where there is none.</summary>
    public static string? Claude(UserEnvironment environment) => environment.SearchPath
        .Append(Path.Combine(environment.Home, ".local", "bin"))
        .Append(Path.Combine(environment.ClaudeFolder, "local"))
        .Select(folder => Path.Combine(folder, "claude"))
        .FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) != 0;
}
