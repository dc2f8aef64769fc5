namespace LocalMcp.State;

/// <summary>How another process of this program is started: the words of its command line, before its own arguments.</summary>
internal static class OwnProgram
{
    private const string Name = "local-mcp";

    /// <summary>Those of this process.</summary>
    public static IReadOnlyList<string> Command { get; } = CommandOf(AppContext.BaseDirectory, Environment.ProcessPath!);

    /// <summary>
    /// The program in its own folder, where there is one. Else it runs as a .NET tool: what was started is the link of an installed tool, which can be started again,
    /// or the dotnet host, which has to be told what to run (<c>dnx</c>, <c>dotnet tool run</c>).
    /// </summary>
    /// <param name="folder">Where the program's own files lie.</param>
    /// <param name="running">The file that this process runs.</param>
    public static IReadOnlyList<string> CommandOf(string folder, string running)
    {
        if (Path.Combine(folder, Name) is var beside && File.Exists(beside))
            return [beside];
        return Path.GetFileName(running) is "dotnet" ? [running, Path.Combine(folder, Name + ".dll")] : [running];
    }
}
