using System.Diagnostics;
using LocalMcp.Backends;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>A llama-server alone, with the very flags that the keeper has chosen.</summary>
internal sealed class BareEngine : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly Process process;
    private readonly EngineClient client;

    private BareEngine(Process process, EngineClient client)
    {
        (this.process, this.client) = (process, client);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it.</summary>
    /// <param name="commandLine">As <c>local-mcp ps</c> shows it, for a shell.</param>
    public static BareEngine Start(BenchHome home, string commandLine)
    {
        var socket = home.NewSocket();
        return new BareEngine(Process.Start(home.Start("/bin/sh", "-c", $"exec {commandLine} --host '{socket}'"))!, new EngineClient(socket));
    }

    /// <summary>Starts it as a server that anybody may run: on a free port of the loopback interface.</summary>
    /// <param name="arguments">Without host and port.</param>
    public static BareEngine StartOnPort(BenchHome home, string program, int port, params IEnumerable<string> arguments) =>
        new(Process.Start(home.Start(program, [.. arguments, "--host", "127.0.0.1", "--port", $"{port}"]))!, new EngineClient(new Uri($"http://127.0.0.1:{port}/"), ServerKind.LlamaServer));

    /// <summary>Waits until it has its model.</summary>
    /// <exception cref="InvalidOperationException">It has ended instead.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (!await client.IsReadyAsync(cancellationToken))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"llama-server has ended with exit code {process.ExitCode} before it was ready.");
            await Task.Delay(Poll, cancellationToken);
        }
    }

    public Task<Answer> AskAsync(ChatRequest question, CancellationToken cancellationToken) => client.AskAsync(question, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        using (process)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
