using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Pull;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Docs;

/// <summary>Every command of the README does what it says there, in a home with one model server, Claude Code's place taken by a script, and a stand-in for Hugging Face.</summary>
public sealed partial class ReadmeCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // What takes minutes or a network is run elsewhere, in these words.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["./install.sh"] = ".ci/run",
        ["dotnet test"] = ".ci/run",
    };

    private readonly TemporaryHome home = new();
    private FakeModelServer server = null!;
    private FakeHub hub = null!;

    private string Project => Path.Combine(home.Folder, "project");

    private string Programs => Path.Combine(home.Folder, "bin");

    public async ValueTask InitializeAsync()
    {
        server = await FakeModelServer.StartAsync(new FakeOptions
        {
            Kind = ServerKind.Ollama,
            Models = [new FakeModel("qwen2.5-coder:14b", ContextLength: 131_072) { Tools = true, ServedContext = 65_536 }],
        });
        hub = await FakeHub.StartAsync(new HubOptions { Repositories = HubOptions.With("bartowski/Qwen2.5-Coder-7B-Instruct-GGUF", ("Qwen2.5-Coder-7B-Instruct-Q4_K_M.gguf", PullHome.Model())) });
        Directory.CreateDirectory(Path.Combine(Project, "src"));
        Directory.CreateDirectory(Path.Combine(Project, "tests"));
        Directory.CreateDirectory(Programs);
        await File.WriteAllTextAsync(Path.Combine(Project, "src", "dates.py"), "def parse_day(text):\n    return text\n");
        File.CreateSymbolicLink(Path.Combine(Programs, "local-mcp"), Repository.Program);
        await File.WriteAllTextAsync(Path.Combine(Programs, "claude"), "#!/bin/sh\necho \"claude $*\"\n");
        File.SetUnixFileMode(Path.Combine(Programs, "claude"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(home.Folder, ".claude.json"), new JsonObject { ["mcpServers"] = new JsonObject { ["local"] = new JsonObject { ["command"] = Path.Combine(Programs, "local-mcp"), ["args"] = new JsonArray("serve") } } }.ToJsonString());
        Assert.Equal((0, ""), await ShellAsync("git init -q && git add . && git -c user.name=you -c user.email=you@example.org commit -qm First && echo '# changed' >> src/dates.py"));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await hub.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Every_command_works_as_it_stands_there()
    {
        var commands = Commands("README.md").ToList();
        Assert.Contains("local-mcp use 14b", commands);
        List<string> failed = [];
        foreach (var command in commands.Where(command => !Elsewhere.ContainsKey(command)))
        {
            if (await ShellAsync(command) is (not 0, _) and var (code, words))
                failed.Add($"{command} ended with {code}: {words}");
        }
        Assert.Empty(failed);
    }

    [Fact]
    public void What_takes_minutes_is_run_by_what_lands_a_change()
    {
        var commands = Commands("README.md").ToList();
        Assert.All(Elsewhere, one =>
        {
            Assert.Contains(one.Key, commands);
            Assert.Contains(one.Key, File.ReadAllText(Path.Combine(Repository.Root, one.Value)), StringComparison.Ordinal);
        });
    }

    private static IEnumerable<string> Commands(string document) =>
        Blocks().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private async Task<(int Code, string Errors)> ShellAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Project };
        start.Environment.Clear();
        foreach (var (name, value) in home.Variables(("PATH", $"{Programs}:/usr/local/bin:/usr/bin:/bin"), ("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), ("LOCAL_MCP_URL", server.BaseUrl), ("HF_ENDPOINT", hub.BaseUrl)))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, process.ExitCode == 0 ? "" : $"{await errors}{await output}");
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
