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

    /// <summary>Follows the session until it ends. The process does not outlive it by more than <paramref name="grace"/>.</summary>
    public async Task FollowAsync(ITransport transport, IHostApplicationLifetime host, TimeSpan grace)
    {
        using var stopping = host.ApplicationStopping.Register(() =>
        {
            LeaveAfter(grace);
            ended.Cancel();
        });
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

    // A client that no longer reads can block a write to standard output for ever, and with it every orderly end.
    private static void LeaveAfter(TimeSpan grace)
    {
        var last = new Thread(Leave) { IsBackground = true };
        last.Start();

        void Leave()
        {
            using var never = new ManualResetEventSlim();
            never.Wait(grace);
            Environment.Exit(0);
        }
    }
}
