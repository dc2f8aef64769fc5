using System.Runtime.InteropServices;
using LocalMcp.Models.Gguf;
using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>This program, as it runs now.</summary>
/// <param name="Path">The file that was started; null when the system does not say.</param>
/// <param name="Folder">Where its own files lie.</param>
/// <param name="SharedRuntime">The description of the installed .NET runtime that it uses; empty when it brings its own.</param>
/// <param name="Framework">The runtime's name and version.</param>
internal sealed record RunningProgram(string? Path, string Folder, string SharedRuntime, string Framework)
{
    // The host names the shared framework's file of dependencies to programs that use one, and only to them (dotnet/sdk reads it in
    // FrameworkDependencyFile.cs); a program with its own runtime in one file has none.
    public static RunningProgram Current { get; } = new(
        Environment.ProcessPath, AppContext.BaseDirectory, AppContext.GetData("FX_DEPS_FILE") as string ?? "", RuntimeInformation.FrameworkDescription);

    /// <summary>Whether a file leads into this program's folder, as the link of an installation does.</summary>
    public bool IsAt(string file)
    {
        var links = new RealPath();
        try
        {
            return links.File(file)?.DirectoryName is { } folder && folder == links.Folder(Folder);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>What others should start it by: the link of an installation where that leads here, else the file itself.</summary>
    public string Command(UserEnvironment environment)
    {
        var onPath = environment.SearchPath.Append(System.IO.Path.Combine(environment.Home, ".local", "bin")).Select(folder => System.IO.Path.Combine(folder, "local-mcp"));
        return onPath.FirstOrDefault(IsAt) ?? Path ?? "local-mcp";
    }
}
