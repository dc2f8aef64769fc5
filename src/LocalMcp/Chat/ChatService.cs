using System.Runtime.CompilerServices;
using LocalMcp.Chat.Budget;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Reasoning;
using LocalMcp.State;

namespace LocalMcp.Chat;

/// <summary>The map of the road: the directory finds the model, its backend answers within the limits and the budget, the filter takes the reasoning out, the reply folds; how fast it was is kept.</summary>
internal sealed class ChatService(ModelDirectory directory, SettingsFile settings, MeasuredSpeeds speeds, MachineReader machine, TimeProvider clock)
{
    /// <summary>The whole answer. <paramref name="watch"/> sees every piece as it passes.</summary>
    /// <exception cref="LocalMcpException">There is no answer; the message says why.</exception>
    public async Task<ChatReply> AskAsync(ChatRequest request, Action<ChatDelta> watch, CancellationToken cancellationToken, bool live = false)
    {
        var reply = await ChatReply.FoldAsync(StreamAsync(request, live, cancellationToken), request, clock, watch, cancellationToken);
        if (reply.Sample is { } sample)
            speeds.Record(reply.Model, reply.Where, sample, machine.Chip);
        return reply;
    }

    /// <summary>The answer as it comes.</summary>
    /// <param name="live">
    /// Whether somebody reads along. Then the answer of a model that is known not to reason goes on at once, and every other one as soon as its
    /// reasoning has ended. An answer that is only read at its end is judged as a whole.
    /// </param>
    private async IAsyncEnumerable<ChatDelta> StreamAsync(ChatRequest request, bool live, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatDelta.Routed? route = null;
        await foreach (var step in directory.RouteAsync(request.Model, cancellationToken))
        {
            route = step as ChatDelta.Routed;
            yield return step;
        }
        var (model, backend) = route!;
        var limited = TimeLimits.Apply(until => backend.StreamAsync(model, request, until), $"{backend.Name} at {backend.Where}", settings.Read().Limits, clock, cancellationToken);
        var answer = BudgetWatch.Apply(limited, route, request, settings.Read(), machine, cancellationToken);
        var watched = Repetition.Apply(answer, $"{model.Name} ({model.Backend})", request, cancellationToken);
        // Who is asked to reason may be expected to.
        var hints = new ReasoningHints(live, model.CanThink ?? (request.Think ? true : null), $"{request.System}\n{request.Prompt}");
        var complete = false;
        try
        {
            await foreach (var delta in ReasoningFilter.Apply(watched, hints, cancellationToken))
            {
                // A server that answers with another model serves something else by now: the next call asks what.
                complete = delta is ChatDelta.Finish { AnsweredBy: var by } && !ChatReply.IsAnother(by, model.Name);
                yield return delta;
            }
        }
        finally
        {
            if (!complete)
                directory.Forget();
        }
    }
}
