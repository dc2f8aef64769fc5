using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalMcp.Tests.Support;

/// <summary>The built program with its bare standard input and output: for what no well-behaved client does.</summary>
internal sealed class RawSession : IDisposable
{
    private RawSession(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>Every line that it wrote so far, to standard output and to standard error.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Starts the program, and shakes hands as a client of 2025-11-25 does.</summary>
    public static async Task<RawSession> StartAsync(TemporaryHome home, params (string Name, string Value)[] variables)
    {
        var session = Start(home, variables);
        await session.SendAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        await session.AnswerAsync(0);
        await session.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        return session;
    }

    /// <summary>Starts the program, and says nothing yet: since 2026-07-28 every request says by itself who sends it.</summary>
    public static RawSession Start(TemporaryHome home, params (string Name, string Value)[] variables)
    {
        var session = new RawSession(Process.Start(ProgramStart.Of(home, ["serve"], variables))!);
        session.Process.ErrorDataReceived += (_, line) => session.Lines.Enqueue(line.Data ?? "");
        session.Process.BeginErrorReadLine();
        return session;
    }

    public async Task SendAsync(string line)
    {
        await Process.StandardInput.WriteLineAsync(line);
        await Process.StandardInput.FlushAsync();
    }

    public Task CallAsync(int id, string tool, string arguments) =>
        SendAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""");

    /// <summary>The next message that answers this request; every line on the way must be JSON-RPC.</summary>
    public async Task<JsonNode> AnswerAsync(int? id)
    {
        while (await Process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Lines.Enqueue(line);
            var message = JsonNode.Parse(line)!;
            Assert.Equal("2.0", (string?)message["jsonrpc"]);
            if (message["method"] is null && (id is null ? message["id"] is null : message["id"]?.GetValueKind() == JsonValueKind.Number && (int)message["id"]! == id))
                return message;
        }
        throw new EndOfStreamException("The server has ended.");
    }

    /// <summary>Closes its standard input, as a client does that goes away, and waits for its end.</summary>
    public async Task<int> LeaveAsync()
    {
        Process.StandardInput.Close();
        await Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return Process.ExitCode;
    }

    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill();
        Process.Dispose();
    }
}
