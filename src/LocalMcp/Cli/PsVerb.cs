using System.Globalization;
using LocalMcp.Keeper;
using LocalMcp.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp ps</c>: what the engine has in memory, for whom, and for how long.</summary>
internal static class PsVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, CancellationToken cancellationToken)
    {
        var status = await services.GetRequiredService<KeeperLink>().StatusAsync(cancellationToken);
        foreach (var line in status is null ? ["The engine does not run. The next question to one of its models starts it."] : Lines(status))
            await terminal.Results.WriteLineAsync(line);
        return 0;
    }

    /// <summary>A status in words, a fact a line.</summary>
    public static IEnumerable<string> Lines(KeeperSays.Status status)
    {
        foreach (var resident in status.Residents)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{resident.Model}: {resident.State}, {Plural(resident.Running, "answer")} running in {resident.Slots?.ToString(CultureInfo.InvariantCulture) ?? "–"} slots, context {resident.Context?.ToString("N0", CultureInfo.InvariantCulture) ?? "–"} each");
            yield return $"  engine   {(resident.Engine.Length > 0 ? resident.Engine : "–")}{(resident.ProcessId is { } id ? $", process {id}" : "")}";
            yield return $"  memory   {(resident.MemoryBytes is { } bytes ? $"{ListingText.Size(bytes)} resident" : "–")}{(resident.UnloadsInSeconds is { } left ? $", freed in {Time(left)} unless it is used" : "")}";
            foreach (var warning in resident.Warnings)
                yield return $"  note     {warning}";
            if (resident.CommandLine.Length > 0)
                yield return $"  command  {resident.CommandLine}";
        }
        if (status.Residents.Count == 0)
            yield return "No model is in memory.";
        foreach (var door in status.Doors ?? [])
            yield return $"door http://127.0.0.1:{door.Port} to {door.Model}, {(door.Stays ? "stays until `local-mcp stop`" : "closes with its session")}{(door.Running > 0 ? $", {Plural(door.Running, "connection")} open" : "")}";
        var leases = $"{Plural(status.Leases, "session")} {(status.Leases == 1 ? "holds" : "hold")} it";
        var waiting = status.Queue > 0 ? $", {Plural(status.Queue, "call")} queued" : "";
        yield return $"keeper {status.Version}, process {status.ProcessId}: {leases}{waiting}{(status.EndsInSeconds is { } ends ? $"; ends in {Time(ends)} unless it is used" : "")}";
    }

    private static string Plural(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    private static string Time(int seconds) => seconds < 60 ? $"{seconds} s" : $"{seconds / 60} min {seconds % 60} s";
}
