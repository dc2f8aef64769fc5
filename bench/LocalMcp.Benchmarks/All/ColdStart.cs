using System.Diagnostics;
using System.Text.Json;
using LocalMcp.Benchmarks.Engine;

namespace LocalMcp.Benchmarks.All;

/// <summary>One start of an MCP server over stdio, up to its list of tools.</summary>
/// <param name="Took">From the start of the process to the end of the list.</param>
/// <param name="Processor">Processor time that the process had used by then.</param>
/// <param name="Resident">Bytes in memory, where it was asked for.</param>
/// <param name="Share">The same, with pages that several processes map shared out among them.</param>
internal sealed record ColdStart(TimeSpan Took, TimeSpan Processor, long Resident, long Share)
{
    private const string Handshake = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""";
    private const string Shaken = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    private const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}""";

    // Since 2026-07-28 there is no handshake: every request says who sends it.
    private const string Who = """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}""";
    private const string Discover = $$"""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{{Who}}}""";
    private const string ListOnItsOwn = $$"""{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{{Who}}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="discover">Whether to begin as clients of 2026-07-28 do, instead of with a handshake.</param>
    /// <param name="settle">How long to let it be idle before its memory is measured; null: it is not measured.</param>
    /// <exception cref="InvalidOperationException">It ended, or answered with an error.</exception>
    public static async Task<ColdStart> RunAsync(ProcessStartInfo start, bool discover, TimeSpan? settle, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            await AskAsync(process, discover ? Discover : Handshake, id: 1, cancellationToken);
            if (!discover)
                await SendAsync(process, Shaken, cancellationToken);
            await AskAsync(process, discover ? ListOnItsOwn : List, id: 2, cancellationToken);
            var (took, processor) = (Stopwatch.GetElapsedTime(began), process.TotalProcessorTime);
            if (settle is not { } idle)
                return new ColdStart(took, processor, 0, 0);
            await Task.Delay(idle, cancellationToken);
            return new ColdStart(took, processor, ProcessMemory.Resident(process.Id), ProcessMemory.Of(process.Id));
        }
        finally
        {
            await LeaveAsync(process);
        }
    }

    private static async Task AskAsync(Process process, string line, int id, CancellationToken cancellationToken)
    {
        await SendAsync(process, line, cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } said)
        {
            using var message = JsonDocument.Parse(said);
            if (message.RootElement.TryGetProperty("id", out var answered) && answered.ValueKind == JsonValueKind.Number && answered.GetInt32() == id)
            {
                if (!message.RootElement.TryGetProperty("result", out _))
                    throw new InvalidOperationException($"The server refused: {said}");
                return;
            }
        }
        throw new InvalidOperationException("The server ended before it had listed its tools.");
    }

    private static async Task SendAsync(Process process, string line, CancellationToken cancellationToken)
    {
        await process.StandardInput.WriteAsync($"{line}\n");
        await process.StandardInput.FlushAsync(cancellationToken);
    }

    private static async Task LeaveAsync(Process process)
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
