using System.Diagnostics;

namespace LocalMcp.Tests.Support;

/// <summary>One run of the built program as a command.</summary>
internal sealed record Verb(int ExitCode, string Output, string Errors)
{
    public static Task<Verb> RunAsync(TemporaryHome home, (string Name, string Value)[] variables, params string[] arguments) => WithInputAsync(home, variables, "", arguments);

    public static async Task<Verb> WithInputAsync(TemporaryHome home, (string Name, string Value)[] variables, string input, params string[] arguments)
    {
        using var process = Process.Start(ProgramStart.Of(home, arguments, variables))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Verb(process.ExitCode, await output, await errors);
    }
}
