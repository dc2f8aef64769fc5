using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>Where the engine's program is.</summary>
internal static class EngineProgram
{
    private const string Name = "llama-server";
    private static readonly string[] Homebrew = ["/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin"];

    /// <summary>
    /// The program: the one that the settings name; else the first llama-server on PATH, in Homebrew's folders, or as our private copy; else the engine on
    /// LLamaSharp that is installed beside us. Null when there is none.
    /// </summary>
    /// <exception cref="BackendException">The settings name one that is not there.</exception>
    public static string? Find(UserEnvironment environment, Settings settings)
    {
        if (settings.EngineProgram.Length > 0)
        {
            var named = environment.Expand(settings.EngineProgram);
            return Path.IsPathRooted(named) && IsProgram(named)
                ? named
                : throw new BackendException(BackendFailure.Refused, $"engine: engine_program in {environment.SettingsFile} is {settings.EngineProgram}, and there is no such program. Correct it to an absolute path, or remove the setting to use the one that is found.");
        }
        return environment.SearchPath.Concat(Homebrew).Append(PrivateFolder(environment)).Select(folder => Path.Combine(folder, Name)).Append(Shipped).FirstOrDefault(IsProgram);
    }

    /// <summary>Why there is no engine, and what to do.</summary>
    public static string Missing(UserEnvironment environment) =>
        $"engine: no {Name} program on PATH, in Homebrew's folders or in {PrivateFolder(environment)}. Run ./install.sh, or on a Mac `brew install llama.cpp`, or set engine_program in {environment.SettingsFile}.";

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "llamasharp", "local-mcp-llamasharp");

    private static string PrivateFolder(UserEnvironment environment) => Path.Combine(environment.DataFolder, "engine", "bin");

    // A link to nothing exists for .NET, and has no mode.
    private static bool IsProgram(string path)
    {
        try
        {
            return File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
