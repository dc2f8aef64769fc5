using System.Diagnostics;

namespace LocalMcp.Tests.Support;

/// <summary>One run of the built program as a command.</summary>
internal sealed record Verb(int ExitCode, string Output, string Errors)
{
    public static Task<Verb> RunAsync(TemporaryHome home, (string Name, string Value)[] variables, params string[] arguments) => WithInputAsync(home, variables, "", arguments);

    public static async Task<Verb> WithInputAsync(TemporaryHome home, (string Name, string Value)[] variables, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in home.Variables([("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), .. variables]))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Verb(process.ExitCode, await output, await errors);
    }
}
