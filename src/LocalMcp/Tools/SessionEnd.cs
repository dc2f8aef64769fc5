using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tools;

/// <summary>
/// Notices that the client has closed standard input while calls run, which the SDK would wait out: the calls are cancelled, and the host
/// stops within its short shutdown limit.
/// </summary>
internal sealed class SessionEnd : IDisposable
{
    private readonly CancellationTokenSource ended = new();

    public CancellationToken Ended => ended.Token;

    /// <summary>Follows the session until it ends.</summary>
    public async Task FollowAsync(ITransport transport, IHostApplicationLifetime host)
    {
        using var stopping = host.ApplicationStopping.Register(ended.Cancel);
        try
        {
            await transport.MessageReader.Completion.WaitAsync(host.ApplicationStopped);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            // A broken pipe ends the session as a closed one does.
        }
        await ended.CancelAsync();
        host.StopApplication();
    }

    public void Dispose() => ended.Dispose();
}
