using System.Runtime.CompilerServices;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Chat;

/// <summary>The clock of a whole call, from the question on: finding the model, reading files, waiting for a slot, loading and answering are all within it.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly CancellationTokenSource ran;
    private readonly CancellationTokenSource either;
    private readonly CancellationToken caller;

    /// <summary>Starts the clock.</summary>
    /// <param name="caller">The caller's own cancellation, which is never told as a limit.</param>
    public CallLimit(Limits limits, TimeProvider clock, CancellationToken caller)
    {
        (Limits, Clock, this.caller) = (limits, clock, caller);
        ran = new CancellationTokenSource(limits.Call, clock);
        either = CancellationTokenSource.CreateLinkedTokenSource(ran.Token, caller);
    }

    public Limits Limits { get; }

    public TimeProvider Clock { get; }

    /// <summary>Cancelled by the caller, or when the time is over: for every step of the call.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>Whether a cancelled step was ended by this clock.</summary>
    public bool IsOver => ran.IsCancellationRequested && !caller.IsCancellationRequested;

    /// <summary>The same steps, which fail when the time is over.</summary>
    /// <param name="what">Who is at work, for the error.</param>
    /// <exception cref="BackendException">The time is over (<see cref="BackendFailure.TimedOut"/>).</exception>
    public async IAsyncEnumerable<T> Guard<T>(string what, IAsyncEnumerable<T> steps)
    {
        await using var each = steps.GetAsyncEnumerator(Token);
        while (await GuardAsync(what, each.MoveNextAsync().AsTask()))
            yield return each.Current;
    }

    /// <summary>The same step, which fails when the time is over.</summary>
    /// <exception cref="BackendException">The time is over (<see cref="BackendFailure.TimedOut"/>).</exception>
    public async Task<T> GuardAsync<T>(string what, Task<T> step)
    {
        try
        {
            return await step;
        }
        catch (OperationCanceledException) when (IsOver)
        {
            throw Over(what);
        }
    }

    /// <summary>The error when the time is over.</summary>
    public BackendException Over(string what) =>
        new(BackendFailure.TimedOut, $"{what} was not done after {Limits.CallMinutes} min, the limit for a whole call (limits.call_minutes in settings.json). Ask for less, or raise the limit.");

    public void Dispose()
    {
        either.Dispose();
        ran.Dispose();
    }
}
