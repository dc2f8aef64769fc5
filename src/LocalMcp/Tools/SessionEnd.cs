using ModelContextProtocol.Protocol;

namespace LocalMcp.Tools;

/// <summary>
/// Notices that the client has closed standard input while calls run, which the SDK would wait out: the calls are cancelled, and the
/// process ends within its short grace.
/// </summary>
internal sealed class SessionEnd : IDisposable
{
    private readonly CancellationTokenSource ended = new();
    private bool leaving;

    public SessionEnd() => Ended = ended.Token;

    /// <summary>Can be asked for ever: a call may begin when everything else has been closed.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Ends the session, as a signal does. The process does not outlive that by more than <paramref name="grace"/>.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        if (Interlocked.Exchange(ref leaving, true))
            return;
        LeaveAfter(grace);
        await ended.CancelAsync();
    }

    /// <summary>Follows the session until it ends: the input is closed, a signal came, or <paramref name="serving"/> is over. Then as <see cref="EndAsync"/>.</summary>
    public async Task FollowAsync(ITransport transport, Task serving, TimeSpan grace)
    {
        try
        {
            await Task.WhenAny(transport.MessageReader.Completion, serving).WaitAsync(Ended);
        }
        catch (OperationCanceledException)
        {
            // A signal.
        }
        await EndAsync(grace);
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
