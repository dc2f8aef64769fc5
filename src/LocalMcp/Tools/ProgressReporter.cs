using LocalMcp.Chat;
using ModelContextProtocol;

namespace LocalMcp.Tools;

/// <summary>
/// Tells the client what goes on: every change of phase at once, and the state again every few seconds, so that neither a user nor the
/// client's idle limit takes a long load for a dead server.
/// </summary>
internal sealed class ProgressReporter : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4);

    private readonly IProgress<ProgressNotificationValue> client;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly ITimer heartbeat;
    private readonly Lock telling = new();
    private string state = "looking for the model";
    private TimeSpan toldAt = TimeSpan.MinValue;
    private int pieces;
    private int count;
    private bool over;

    public ProgressReporter(IProgress<ProgressNotificationValue> client, TimeProvider clock)
    {
        (this.client, this.clock) = (client, clock);
        started = clock.GetTimestamp();
        heartbeat = clock.CreateTimer(_ => Tell(Heartbeat), null, Heartbeat, Heartbeat);
    }

    /// <summary>Sees every piece of the answer.</summary>
    public void Watch(ChatDelta delta)
    {
        var (now, phaseChanged) = delta switch
        {
            ChatDelta.Progress step => (step.Message, false),
            ChatDelta.Routed routed => ($"{routed.Model.Name} ({routed.Model.Backend}): waiting for the first token", true),
            ChatDelta.Text or ChatDelta.Reasoning or ChatDelta.Held => ($"answering, {++pieces} piece{(pieces == 1 ? "" : "s")}", pieces == 1),
            _ => (state, false),
        };
        lock (telling)
            state = now;
        Tell(phaseChanged ? TimeSpan.Zero : Pace);
    }

    public void Dispose()
    {
        lock (telling)
            over = true;
        heartbeat.Dispose();
    }

    private void Tell(TimeSpan atLeastAfter)
    {
        lock (telling)
        {
            var elapsed = clock.GetElapsedTime(started);
            if (over || (count > 0 && elapsed - toldAt < atLeastAfter))
                return;
            toldAt = elapsed;
            client.Report(new ProgressNotificationValue { Progress = ++count, Message = $"{state}, {elapsed.TotalSeconds:0} s" });
        }
    }
}
