using System.Diagnostics;
using System.Text;
using LocalMcp.Tests.Packaging;
using LocalMcp.Tests.Support;
using ModelContextProtocol.Client;

[assembly: AssemblyFixture(typeof(PackedTool))]

namespace LocalMcp.Tests.Packaging;

/// <summary>
/// The NuGet package of this checkout, packed and installed as a user would, once for all tests, into a folder of its own. The feed is that folder alone. Nothing is
/// built before the first test asks for it.
/// </summary>
public sealed class PackedTool : IAsyncDisposable
{
    private readonly Lazy<Task> made;

    public PackedTool() => made = new Lazy<Task>(MakeAsync);

    /// <summary>Everything of it; removed at the end.</summary>
    private string Folder { get; } = Directory.CreateTempSubdirectory("lmp-").FullName;

    /// <summary>The package's file.</summary>
    public string Package => Assert.Single(Directory.GetFiles(Path.Combine(Folder, "feed"), "*.nupkg"));

    /// <summary>The command that `dotnet tool install` made.</summary>
    public string Command => Path.Combine(Folder, "tools", "local-mcp");

    /// <summary>The one feed that there is.</summary>
    public string Feed => Path.Combine(Folder, "nuget.config");

    /// <summary>Packs and installs it, where that was not done yet.</summary>
    public Task ReadyAsync() => made.Value;

    /// <summary>A client of the server that this command starts, in this home.</summary>
    internal async Task<McpClient> ConnectAsync(TemporaryHome home, string command, string[] arguments, params (string Name, string Value)[] variables)
    {
        await ReadyAsync();
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = command,
            Arguments = arguments,
            InheritEnvironmentVariables = false,
            EnvironmentVariables = home.Variables([.. Variables().Select(variable => (variable.Key, variable.Value)), ("HOME", home.Folder), ("LOCAL_MCP_URL", ClosedPort.Url()), .. variables]),
            WorkingDirectory = home.Folder,
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = "2025-11-25", DiscoverProbeTimeout = Timeout.InfiniteTimeSpan });
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync()
    {
        foreach (var name in new[] { "feed", "home", "tmp" })
            Directory.CreateDirectory(Path.Combine(Folder, name));
        await File.WriteAllTextAsync(Feed, $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Folder}/packages" /></config>
              <packageSources><clear /><add key="here" value="{Folder}/feed" /></packageSources>
            </configuration>
            """);
        await PackAsync();
        await RunAsync(Variables(), "tool", "install", "LocalMcp", "--tool-path", Path.Combine(Folder, "tools"), "--configfile", Feed);
    }

    // Built into a folder of its own, so that it neither meets nor leaves another build. Packing needs the packages that the build of these tests has fetched already.
    private Task PackAsync()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen ? chosen : Path.Combine(user, ".nuget", "packages");
        var feeds = Path.Combine(user, ".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(feeds))
        {
            var copy = Directory.CreateDirectory(Path.Combine(Folder, "home", ".nuget", "NuGet"));
            File.Copy(feeds, Path.Combine(copy.FullName, "NuGet.Config"));
        }
        return RunAsync([.. Variables(), new("NUGET_PACKAGES", packages)],
            "pack", Path.Combine(Repository.Root, "src", "LocalMcp"), "--configuration", "Release", "--output", Path.Combine(Folder, "feed"), "--artifacts-path", Path.Combine(Folder, "artifacts"),
            "--nologo", "--verbosity", "quiet", "-p:RunAnalyzers=false", "-p:NuGetAudit=false");
    }

    // Whatever the SDK writes, it writes here. It leaves no process behind.
    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = Path.Combine(Folder, "home"),
        ["DOTNET_CLI_HOME"] = Path.Combine(Folder, "home"),
        ["TMPDIR"] = Path.Combine(Folder, "tmp"),
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet",
    };

    private async Task RunAsync(IEnumerable<KeyValuePair<string, string>> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("NUGET_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = new StringBuilder();
        process.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        process.BeginOutputReadLine();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {arguments[0]} ended with {process.ExitCode}: {said}{errors}");
    }
}
