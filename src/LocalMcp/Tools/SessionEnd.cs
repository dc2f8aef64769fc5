using ModelContextProtocol.Protocol;

namespace LocalMcp.Tools;

/// <summary>
/// Notices that the client has closed standard input while calls run, which the SDK would wait out: the calls are cancelled, and the
/// process ends within its short grace.
/// </summary>
internal sealed class SessionEnd : IDisposable
{
    private readonly CancellationTokenSource ended = new();

    public CancellationToken Ended => ended.Token;

    /// <summary>Ends the session, as a signal does.</summary>
    public void End() => ended.Cancel();

    /// <summary>Follows the session until it ends: the input is closed, a signal came, or <paramref name="serving"/> is over. The process does not outlive it by more than <paramref name="grace"/>.</summary>
    public async Task FollowAsync(ITransport transport, Task serving, TimeSpan grace)
    {
        using var ending = Ended.Register(() => LeaveAfter(grace));
        try
        {
            await Task.WhenAny(transport.MessageReader.Completion, serving).WaitAsync(Ended);
        }
        catch (OperationCanceledException)
        {
            // A signal.
        }
        await ended.CancelAsync();
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
