using LocalMcp.Doctor;
using LocalMcp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Tests.Doctor;

/// <summary>A home with a project in it, an installed program that need not run, and Claude Code's files.</summary>
internal sealed class DoctorHome : IDisposable
{
    private readonly TemporaryHome home = new();

    public DoctorHome()
    {
        Write(Program.Path!, "");
        Directory.CreateDirectory(Project);
        Directory.CreateDirectory(Bin);
        File.CreateSymbolicLink(Installed, Program.Path!);
    }

    public TemporaryHome Home => home;

    /// <summary>The only folder of PATH.</summary>
    public string Bin => Below("bin");

    public string Project => Below("work", "project");

    public RunningProgram Program => new(Below("lib", "local-mcp", "local-mcp"), Below("lib", "local-mcp") + "/", "", ".NET 10");

    /// <summary>The link to <see cref="Program"/>, as an installation makes it.</summary>
    public string Installed => Path.Combine(Bin, "local-mcp");

    public string Below(params string[] names) => Path.Combine([home.Folder, .. names]);

    public DoctorHome Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>The text of <c>.claude.json</c>; PROJECT and PROGRAM stand for their paths.</summary>
    public DoctorHome WithClaude(string json) => Write(Below(".claude.json"), Filled(json));

    /// <summary>A file of the project; PROJECT and PROGRAM stand for their paths.</summary>
    public DoctorHome InProject(string file, string json) => Write(Path.Combine(Project, file), Filled(json));

    /// <summary>Puts a program called claude on PATH. It is never started.</summary>
    public DoctorHome HasClaude() => Write(Path.Combine(Bin, "claude"), "#!/bin/sh\nexit 1\n");

    public ClaudeCode Claude(params (string Name, string Value)[] variables) => new(home.Environment([("PATH", Bin), .. variables]), Project);

    /// <summary>Everything, as the verb runs it, with these servers and no others.</summary>
    public async Task<IReadOnlyList<Check>> ChecksAsync(string urls, params (string Name, string Value)[] variables)
    {
        await using var services = new ServiceCollection().AddLocalMcp(home.Environment([("PATH", Bin), ("LOCAL_MCP_URL", urls), .. variables])).BuildServiceProvider();
        return await Examinations.All(services, project: Project).RunAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => home.Dispose();

    private string Filled(string json) => json.Replace("PROJECT", Project, StringComparison.Ordinal).Replace("PROGRAM", Installed, StringComparison.Ordinal);
}
