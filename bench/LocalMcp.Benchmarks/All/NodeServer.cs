using System.Diagnostics;
using System.Text.Json;

namespace LocalMcp.Benchmarks.All;

/// <summary>The opponent of start and memory: a server with one tool on the MCP SDK for node, from bench/node-server, installed into a temporary folder.</summary>
internal sealed class NodeServer : IDisposable
{
    private readonly string folder;

    private NodeServer(string node, string folder) => (Node, this.folder) = (node, folder);

    /// <summary>The program node.</summary>
    public string Node { get; }

    public string Script => Path.Combine(folder, "server.mjs");

    private static string Source => Path.Combine(Repository.Root, "bench", "node-server");

    /// <exception cref="NotMeasuredException">node or npm is missing, or npm could not install the SDK.</exception>
    public static async Task<NodeServer> InstallAsync(CancellationToken cancellationToken)
    {
        var (node, npm) = (OnPath("node") ?? throw new NotMeasuredException("node is not on PATH"), OnPath("npm") ?? throw new NotMeasuredException("npm is not on PATH"));
        var server = new NodeServer(node, Directory.CreateTempSubdirectory("lmb-node-").FullName);
        try
        {
            foreach (var file in Directory.GetFiles(Source))
                File.Copy(file, Path.Combine(server.folder, Path.GetFileName(file)));
            await server.FetchAsync(npm, cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The version of the SDK that bench/node-server names.</summary>
    public static string SdkVersion()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Source, "package.json")));
        return package.RootElement.GetProperty("dependencies").GetProperty("@modelcontextprotocol/sdk").GetString()!;
    }

    /// <summary>The program of this name on PATH; null where there is none.</summary>
    public static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task FetchAsync(string npm, CancellationToken cancellationToken)
    {
        using var install = Process.Start(new ProcessStartInfo(npm, ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, failed) = (install.StandardOutput.ReadToEndAsync(cancellationToken), install.StandardError.ReadToEndAsync(cancellationToken));
        await install.WaitForExitAsync(cancellationToken);
        await said;
        if (install.ExitCode == 0)
            return;
        await Console.Error.WriteLineAsync(await failed);
        throw new NotMeasuredException($"npm could not install @modelcontextprotocol/sdk {SdkVersion()} (exit code {install.ExitCode})");
    }
}
