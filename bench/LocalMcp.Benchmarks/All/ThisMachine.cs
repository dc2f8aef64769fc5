using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Machine;

namespace LocalMcp.Benchmarks.All;

/// <summary>What is said of the machine and of the programs that take part. No name of a host, and no path.</summary>
internal static class ThisMachine
{
    private const double Gibibyte = 1L << 30;

    public static MachineSheet Sheet()
    {
        var profile = MachineProfile.Read();
        var (cores, system) = (Environment.ProcessorCount, OperatingSystem.IsMacOS() ? "macos" : "linux");
        var processor = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        var graphics = profile.IsUnifiedMemory ? "GPU on the chip" : profile.Cards.Count > 0 ? string.Join(", ", profile.Cards.Select(card => card.Name)) : "no GPU";
        var name = $"{system}-{processor}-{cores}-cores-{Word(profile.IsUnifiedMemory ? profile.Chip ?? "unified" : profile.Cards is [var card, ..] ? card.Name : "no-gpu")}";
        double? memory = profile.TotalMemory is { } bytes ? Math.Round(bytes / Gibibyte, 1) : null;
        return new MachineSheet(name, RuntimeInformation.OSDescription, profile.Chip ?? processor, cores, memory, graphics);
    }

    /// <param name="program">The local-mcp that is measured.</param>
    /// <param name="engine">The llama-server; null for none.</param>
    public static async Task<IReadOnlyDictionary<string, string>> VersionsAsync(PublishedProgram program, string? engine)
    {
        Dictionary<string, string> versions = new()
        {
            ["LocalMcp"] = $"{await FirstLineAsync(program.Path, "--version") ?? "unknown"} ({await CommitAsync(program)}; {program.Kind})",
            [".NET"] = Environment.Version.ToString(),
        };
        if (NodeServer.OnPath("node") is { } node)
            (versions["node"], versions["@modelcontextprotocol/sdk"]) = (await FirstLineAsync(node, "--version") ?? "unknown", NodeServer.SdkVersion());
        if (engine is not null)
            versions["llama.cpp"] = (await FirstLineAsync(engine, "--version") ?? "unknown").Replace("version: ", "", StringComparison.Ordinal);
        return versions;
    }

    /// <summary>Of the sources that it was made from, with a plus where they were changed since; "commit unknown" of an installed one, and without git.</summary>
    public static async Task<string> CommitAsync(PublishedProgram program)
    {
        if (!program.IsOurs || await FirstLineAsync("git", "-C", Repository.Root, "rev-parse", "--short", "HEAD") is not { } commit)
            return "commit unknown";
        return await FirstLineAsync("git", "-C", Repository.Root, "status", "--porcelain", "--", "src") is null ? commit : $"{commit}+";
    }

    /// <summary>The averages of 1, 5 and 15 minutes, as `uptime` tells them.</summary>
    public static async Task<string> LoadAsync() =>
        await FirstLineAsync("uptime") is { } line && line.LastIndexOf(':') is > 0 and var colon ? line[(colon + 1)..].Trim() : "unknown";

    // Null where the program is missing or says nothing.
    private static async Task<string?> FirstLineAsync(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            var words = (await said).Trim() is { Length: > 0 } text ? text : (await errors).Trim();
            return words.Length > 0 ? words.Split('\n')[0].Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string Word(string text) => string.Join('-', text.ToLower(CultureInfo.InvariantCulture).Split([' ', '(', ')', '/', ',', '.', '_', '-'], StringSplitOptions.RemoveEmptyEntries));
}
