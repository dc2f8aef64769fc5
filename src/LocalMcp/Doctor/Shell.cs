namespace LocalMcp.Doctor;

/// <summary>Commands for the user to type.</summary>
internal static class Shell
{
    private const string Plain = "_./+:@%=,-";

    /// <summary>A path as a shell takes it: in quotes where it has to be.</summary>
    public static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>What registers a program with Claude Code, for all projects.</summary>
    public static string Register(string program) => $"claude mcp add --scope user local -- {Quoted(program)} serve";
}
