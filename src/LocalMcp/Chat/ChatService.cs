using System.Runtime.CompilerServices;
using LocalMcp.Chat.Budget;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Reasoning;
using LocalMcp.State;
using LocalMcp.Stats;
using LocalMcp.Workspace;

namespace LocalMcp.Chat;

/// <summary>
/// The map of the road: files are read, the directory finds the model, its backend answers within the limits and the budget, the filter takes the reasoning out, the reply
/// folds, gets the form that was asked for, and becomes a file. How fast it was and what it cost is kept.
/// </summary>
internal sealed class ChatService(
    UserEnvironment environment, SettingsFile settings, FileReader files, ModelDirectory directory, MeasuredSpeeds speeds, CallLog calls, MachineReader machine, TimeProvider clock)
{
    /// <summary>The whole answer. <paramref name="watch"/> sees every piece as it passes.</summary>
    /// <exception cref="LocalMcpException">There is no answer; the message says why.</exception>
    public async Task<ChatReply> AskAsync(ChatRequest request, Action<ChatDelta> watch, CancellationToken cancellationToken, bool live = false)
    {
        var started = clock.GetTimestamp();
        ChatDelta.Routed? route = null;
        try
        {
            var reply = await AnswerAsync(request, Watch, live, cancellationToken);
            if (reply.Sample is { } sample)
                speeds.Record(reply.Model, reply.Where, sample, machine.Chip);
            calls.Append(CallFigures.Of(request, reply, clock.GetUtcNow(), clock.GetElapsedTime(started)));
            return reply;
        }
        catch (Exception failed)
        {
            calls.Append(CallFigures.Of(request, failed, route, clock.GetUtcNow(), clock.GetElapsedTime(started)));
            throw;
        }

        void Watch(ChatDelta delta)
        {
            route ??= delta as ChatDelta.Routed;
            watch(delta);
        }
    }

    private async Task<ChatReply> AnswerAsync(ChatRequest request, Action<ChatDelta> watch, bool live, CancellationToken cancellationToken)
    {
        using var call = new CallLimit(settings.Read().Limits, clock, cancellationToken);
        // What must not be read or written is found out before anybody is asked.
        var output = request.OutputPath is { } path ? OutputFile.Plan(path, request.Overwrite, request.Roots!, HiddenFiles.Of(request.Roots!, environment, settings.Read())) : null;
        var question = request.FileNames.Count == 0 ? request : request with { Files = await call.GuardAsync("Reading the files", ReadAsync(request, call.Token)) };
        var reply = await FoldAsync(question);
        if (question.Schema is { } schema)
            reply = await JsonAnswer.OfAsync(schema, reply, repair => FoldAsync(question with { Repair = repair, Model = reply.Model.Id }));
        return output is null ? reply : AnswerFile.Write(reply, output);

        Task<ChatReply> FoldAsync(ChatRequest asked) => ChatReply.FoldAsync(StreamAsync(asked, live, call, cancellationToken), asked, clock, watch, cancellationToken);
    }

    // A disk can fail to answer: that must hold up neither the caller nor its cancellation.
    private Task<FileSet> ReadAsync(ChatRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => files.Read(request.FileNames, request.Roots!, cancellationToken), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The answer as it comes.</summary>
    /// <param name="live">
    /// Whether somebody reads along. Then the answer of a model that is known not to reason goes on at once, and every other one as soon as its
    /// reasoning has ended. An answer that is only read at its end is judged as a whole.
    /// </param>
    private async IAsyncEnumerable<ChatDelta> StreamAsync(ChatRequest request, bool live, CallLimit call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatDelta.Routed? route = null;
        await foreach (var step in call.Guard("The search for the model", directory.RouteAsync(request.Model, call.Token)))
        {
            route = step as ChatDelta.Routed;
            yield return step;
        }
        var (model, backend) = route!;
        var limited = TimeLimits.Apply(until => backend.StreamAsync(model, request, until), $"{backend.Name} at {backend.Where}", call, cancellationToken);
        var answer = BudgetWatch.Apply(limited, route, request, settings.Read(), machine, cancellationToken);
        var watched = Repetition.Apply(answer, $"{model.Name} ({model.Backend})", request, cancellationToken);
        // Who is asked to reason may be expected to.
        var hints = new ReasoningHints(live, model.CanThink ?? (request.Think ? true : null), string.Join('\n', request.Messages.Select(message => message.Content)));
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
