using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Packaging;

/// <summary>
/// A machine for install.sh: a home, and a PATH with the system's tools, an engine and Claude Code, and without the .NET SDK. Releases for it hold a small file that starts the
/// program as the build made it.
/// </summary>
internal sealed class InstallerRun : IDisposable
{
    private static readonly string[] Tools =
    [
        "awk", "bash", "cat", "chmod", "cmp", "cp", "curl", "cut", "dirname", "du", "env", "find", "grep", "gzip", "head", "id", "ln", "ls", "mkdir", "mktemp", "mv", "perl", "printf", "readlink", "rm",
        "rmdir", "sed", "sh", "sha256sum", "shasum", "sleep", "sort", "sysctl", "tail", "tar", "touch", "tr", "uname",
    ];

    // Keeps one server and tells it, as `claude mcp` does, and tells plugins, as `claude plugin list` does.
    private const string Claude = """
        #!/bin/sh
        case "$2" in
          list) cat "$HOME/plugins" ;;
          add) shift 6; printf '  Command: %s\n  Args: %s\n' "$1" "$2" >"$HOME/registered" ;;
          get) cat "$HOME/registered" ;;
          remove) rm "$HOME/registered" ;;
        esac
        """;

    private readonly string bin = Directory.CreateTempSubdirectory("lmb-").FullName;

    public InstallerRun()
    {
        foreach (var tool in Tools)
        {
            if (new[] { "/usr/bin", "/bin", "/usr/sbin" }.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists) is { } there)
                File.CreateSymbolicLink(Path.Combine(bin, tool), there);
        }
        Script(Path.Combine(bin, "claude"), Claude);
    }

    public TemporaryHome Home { get; } = new();

    public ReleaseFolder Releases { get; } = new();

    public static string Archive { get; } = $"local-mcp-{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}.tar.gz";

    /// <summary>What there is in the home, of files and links, relative to it.</summary>
    public IEnumerable<string> Left => Directory.EnumerateFileSystemEntries(Home.Folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Home.Folder, path)).Order(StringComparer.Ordinal);

    /// <summary>Runs install.sh; releases come from <see cref="Releases"/> unless a variable says otherwise.</summary>
    public Task<Verb> RunAsync(string[] arguments, params (string Name, string Value)[] variables) =>
        StartAsync(Path.Combine(Repository.Root, "install.sh"), arguments,
        [
            ("PATH", $"{bin}:{RealEngine.Require()}"), ("TMPDIR", bin), ("LOCAL_MCP_RELEASES", Releases.Url), ("DOTNET_ROOT", "/nonexistent"), .. variables,
        ]);

    /// <summary>Publishes the program of the build, as scripts/release.sh does it.</summary>
    public async Task PublishAsync()
    {
        var from = Directory.CreateDirectory(Path.Combine(bin, "program")).FullName;
        var runtime = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet";
        Script(Path.Combine(from, "local-mcp"), $"#!/bin/sh\nDOTNET_ROOT='{runtime}' LOCAL_MCP_URL='' exec '{Path.Combine(AppContext.BaseDirectory, "local-mcp")}' \"$@\"\n");
        var made = await StartAsync(Path.Combine(Repository.Root, "scripts", "release.sh"), ["--from", from, Path.GetDirectoryName(Releases.File(Archive))!, Archive["local-mcp-".Length..^".tar.gz".Length]], [("PATH", bin)]);
        Assert.True(made.ExitCode == 0, made.Errors);
    }

    /// <summary>Publishes what these words for a shell put into the folder <c>x</c>, and then into an archive, with its true checksum.</summary>
    public async Task PublishAsync(string words)
    {
        var archive = Releases.File(Archive);
        var script = Path.Combine(bin, "publish");
        Script(script, $"#!/usr/bin/env bash\nset -e\nmkdir '{bin}/x'; cd '{bin}/x'\narchive='{archive}'\n{words}\ncd '{Path.GetDirectoryName(archive)}'\nif command -v sha256sum >/dev/null; then sha256sum {Archive}; else shasum -a 256 {Archive}; fi >{Archive}.sha256\n");
        var made = await StartAsync(script, [], [("PATH", bin)]);
        Assert.True(made.ExitCode == 0, made.Errors);
    }

    public void Dispose()
    {
        Releases.Dispose();
        Home.Dispose();
        Directory.Delete(bin, recursive: true);
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<Verb> StartAsync(string program, string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in Home.Variables(variables))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Verb(process.ExitCode, output.ToString(), errors.ToString());
    }
}
