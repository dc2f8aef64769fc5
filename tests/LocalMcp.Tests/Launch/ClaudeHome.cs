using System.Diagnostics;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Launch;

/// <summary>A home with a stand-in for Claude Code on PATH, which keeps what it was given.</summary>
internal sealed class ClaudeHome : IDisposable
{
    private const string Keeps = "#!/bin/sh\nenv > \"$HOME/environment\"\nfor word in \"$@\"; do printf '%s\\n' \"$word\"; done > \"$HOME/arguments\"\n";

    private readonly TemporaryHome home = new();

    public ClaudeHome(string then = "exit 7") => HasClaude(then);

    /// <summary>A model that is up to Claude Code.</summary>
    public static FakeModel Able { get; } = new("coder:30b", ContextLength: 131_072) { Tools = true, ServedContext = 65_536 };

    public TemporaryHome Home => home;

    public string Bin => Path.Combine(home.Folder, "bin");

    public ClaudeHome HasClaude(string then)
    {
        Directory.CreateDirectory(Bin);
        File.WriteAllText(Path.Combine(Bin, "claude"), Keeps + then + "\n");
        File.SetUnixFileMode(Path.Combine(Bin, "claude"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>What the stand-in was given; null where it was not started.</summary>
    public Dictionary<string, string>? Environment => File.Exists(Path.Combine(home.Folder, "environment"))
        ? File.ReadAllLines(Path.Combine(home.Folder, "environment")).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1])
        : null;

    public string[] Arguments => File.ReadAllLines(Path.Combine(home.Folder, "arguments"));

    public Task<Verb> RunAsync(FakeModelServer server, params string[] arguments) => RunAsync(server.BaseUrl, [], arguments);

    public Task<Verb> RunAsync(string url, (string Name, string Value)[] variables, params string[] arguments) =>
        Verb.RunAsync(home, [("PATH", $"{Bin}:/usr/bin:/bin"), ("LOCAL_MCP_URL", url), .. variables], arguments);

    /// <summary>Starts the verb, and leaves it running.</summary>
    public Process Start(FakeModelServer server, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in home.Variables([("DOTNET_ROOT", System.Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), ("PATH", $"{Bin}:/usr/bin:/bin"), ("LOCAL_MCP_URL", server.BaseUrl)]))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => home.Dispose();
}
