using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LocalMcp.Benchmarks.All;

/// <summary>The program as install.sh makes it, in a temporary folder.</summary>
internal sealed class PublishedProgram : IDisposable
{
    private static readonly string[] Trimmed =
    [
        $"-p:RuntimeIdentifier={Platform}", "-p:SelfContained=true", "-p:PublishTrimmed=true", "-p:PublishSingleFile=true", "-p:PublishReadyToRun=true",
    ];

    private readonly string? folder;

    private PublishedProgram(string path, string kind, string? folder) => (Path, Kind, this.folder) = (path, kind, folder);

    public string Path { get; }

    /// <summary>How it was made, in words.</summary>
    public string Kind { get; }

    /// <summary>Whether it was made from these sources; of another one nobody knows which commit it is.</summary>
    public bool IsOurs => folder is not null;

    /// <summary>The one that LOCAL_MCP_PROGRAM names; else a new one, trimmed and compiled ahead of time, or else for the installed runtime.</summary>
    /// <exception cref="InvalidOperationException">It could not be built.</exception>
    public static async Task<PublishedProgram> GetAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("LOCAL_MCP_PROGRAM") is { Length: > 0 } named)
            return new PublishedProgram(System.IO.Path.GetFullPath(named), "an installed one", null);
        await Console.Error.WriteLineAsync("publishing local-mcp as install.sh does (LOCAL_MCP_PROGRAM names one that is there already)");
        var folder = Directory.CreateTempSubdirectory("lmb-program-").FullName;
        try
        {
            if (await PublishAsync(folder, Trimmed, cancellationToken) is null)
                return new PublishedProgram(System.IO.Path.Combine(folder, "program", "local-mcp"), "one trimmed file, compiled ahead of time", folder);
            return await PublishAsync(folder, ["-p:SelfContained=false"], cancellationToken) is not { } failed
                ? new PublishedProgram(System.IO.Path.Combine(folder, "program", "local-mcp"), "for the installed runtime, compiled at start", folder)
                : throw new InvalidOperationException($"local-mcp could not be published: {failed}");
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }

    // Null when it went well, else what was said.
    private static async Task<string?> PublishAsync(string folder, IEnumerable<string> properties, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", System.IO.Path.Combine(Repository.Root, "src", "LocalMcp"), "-nologo", "-v", "q", "-c", "Release", "--artifacts-path", System.IO.Path.Combine(folder, "artifacts"),
            "--output", System.IO.Path.Combine(folder, "program"), "-p:NuGetAudit=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", .. properties,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var publish = Process.Start(start)!;
        var (said, failed) = (publish.StandardOutput.ReadToEndAsync(cancellationToken), publish.StandardError.ReadToEndAsync(cancellationToken));
        await publish.WaitForExitAsync(cancellationToken);
        var words = $"{await said}{await failed}";
        return publish.ExitCode == 0 ? null : words;
    }

    private static string Platform => $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
}
