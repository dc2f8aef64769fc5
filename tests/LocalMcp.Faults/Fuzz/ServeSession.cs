using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>The built program's <c>serve</c>, as bytes in and lines out.</summary>
internal sealed class ServeSession : IDisposable
{
    private const int MostErrorLines = 40;

    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> errors = new();

    public ServeSession(TemporaryHome home, params (string Name, string Value)[] variables)
    {
        process = Process.Start(ProgramStart.Of(home, ["serve"], variables))!;
        process.ErrorDataReceived += (_, line) =>
        {
            errors.Enqueue(line.Data ?? "");
            if (errors.Count > MostErrorLines)
                errors.TryDequeue(out var _);
        };
        process.BeginErrorReadLine();
        _ = FollowAsync();
    }

    /// <summary>The last of what it wrote to standard error.</summary>
    public string Errors => string.Join('\n', errors);

    /// <summary>Resident bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public async Task SendAsync(byte[] bytes)
    {
        await process.StandardInput.BaseStream.WriteAsync(bytes);
        await process.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>The next line of standard output; null when it has ended.</summary>
    public async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await lines.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private async Task FollowAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            lines.Writer.TryWrite(line);
        lines.Writer.Complete();
    }
}
