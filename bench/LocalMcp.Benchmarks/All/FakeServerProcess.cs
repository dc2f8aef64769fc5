using System.Diagnostics;
using LocalMcp.Backends;
using LocalMcp.Benchmarks.Engine;

namespace LocalMcp.Benchmarks.All;

/// <summary>The tests' model server as a process of its own: it answers at once, and as fast as the wire takes it.</summary>
internal sealed class FakeServerProcess : IAsyncDisposable
{
    public const string Model = "bench";
    private const string Sign = "listening on ";

    private readonly Process process;

    private FakeServerProcess(Process process, string address) => (this.process, Address) = (process, address);

    /// <summary>Without a slash at the end.</summary>
    public string Address { get; }

    /// <param name="arguments">Beside the model's name; `fake-server --help` tells which there are.</param>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    public static async Task<FakeServerProcess> StartAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fake-server"), [.. arguments, "--model", Model, "--until-stdin-closes"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Sign, StringComparison.Ordinal))
                return new FakeServerProcess(process, line[Sign.Length..]);
        }
        throw new InvalidOperationException($"The scripted server has ended with exit code {process.ExitCode} before it listened.");
    }

    /// <summary>Straight to it.</summary>
    public EngineClient Client() => new(new Uri($"{Address}/"), ServerKind.OpenAi);

    public async ValueTask DisposeAsync()
    {
        using (process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
        }
    }
}
