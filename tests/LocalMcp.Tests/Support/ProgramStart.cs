using System.Diagnostics;

namespace LocalMcp.Tests.Support;

/// <summary>How the built program is started: in a home of its own, with an environment that has nothing of ours, and with all three streams in our hands.</summary>
internal static class ProgramStart
{
    public static ProcessStartInfo Of(TemporaryHome home, IEnumerable<string> arguments, params (string Name, string Value)[] variables) => Of(Repository.Program, home, arguments, variables);

    /// <summary>The same through another program, such as a shell that sets limits and then becomes it.</summary>
    public static ProcessStartInfo Of(string program, TemporaryHome home, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in home.Variables([("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), .. variables]))
            start.Environment[name] = value;
        return start;
    }
}
