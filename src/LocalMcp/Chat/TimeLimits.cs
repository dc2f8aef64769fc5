using System.Runtime.CompilerServices;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Chat;

/// <summary>Ends an answer that takes too long, and says which clock ran out: first token, silence, or the whole call.</summary>
internal static class TimeLimits
{
    /// <summary>The same stream, which fails with <see cref="BackendFailure.TimedOut"/> when a limit runs out. A sign of life restarts the wait for the first token.</summary>
    public static async IAsyncEnumerable<ChatDelta> Apply(Func<CancellationToken, IAsyncEnumerable<ChatDelta>> answer, string label, CallLimit call, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var limits = call.Limits;
        using var pause = new CancellationTokenSource(limits.FirstToken, call.Clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, call.Token, cancellationToken);
        await using var deltas = answer(any.Token).GetAsyncEnumerator(any.Token);
        var begun = false;
        while (await NextAsync())
        {
            begun |= deltas.Current is ChatDelta.Text or ChatDelta.Reasoning;
            pause.CancelAfter(begun ? limits.Silence : limits.FirstToken);
            yield return deltas.Current;
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await deltas.MoveNextAsync();
            }
            catch (OperationCanceledException) when (call.IsOver)
            {
                throw call.Over(label);
            }
            catch (OperationCanceledException) when (pause.IsCancellationRequested && !call.Token.IsCancellationRequested)
            {
                throw new BackendException(BackendFailure.TimedOut, Words(label, limits, begun));
            }
        }
    }

    private static string Words(string label, Limits limits, bool begun) => begun
        ? $"{label} went silent for {limits.SilenceSeconds} s in the middle of the answer (limits.silence_seconds in settings.json). Ask again; if it happens again, look at the server's own log."
        : $"{label} sent no token for {limits.FirstTokenMinutes} min (limits.first_token_minutes in settings.json). Send a shorter prompt, use a smaller model, or raise the limit.";
}
