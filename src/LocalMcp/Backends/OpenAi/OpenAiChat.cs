using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;

namespace LocalMcp.Backends.OpenAi;

/// <summary>A chat over the OpenAI-compatible wire, the same for every server that speaks it and for the engine.</summary>
/// <param name="server">The connection.</param>
/// <param name="root">The server's root, from that of the connection: where the pages beside the API are.</param>
internal sealed class OpenAiChat(ServerConnection server, ServerKind kind, string root)
{
    private readonly PromptCount count = new(server, kind, root);

    /// <summary>The answer as it comes. <paramref name="missing"/> words the error when the server does not have the model, and is null when it has.</summary>
    public async IAsyncEnumerable<ChatDelta> StreamAsync(
        string path, ModelFacts model, ChatRequest request, Func<Task<BackendException?>> missing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var counted = await count.OfAsync(model, request, cancellationToken);
        var fitting = counted.Context is { } context ? PromptBudget.Fit(request, counted.Prompt, context) : request;
        // With a constraint, where the request has a schema, and with counts; then without what the server refuses, once for each.
        var (constrained, counting) = (request.Schema?.Constraint is not null, true);
        while (true)
        {
            await foreach (var step in server.OpenAsync(path, OpenAiWire.Body(kind, model.Name, fitting, constrained, counting), cancellationToken))
            {
                if (step.Waiting is { } waiting)
                    yield return waiting;
                if (step.Response is not { } opened)
                    continue;
                using var response = opened;
                if (response.IsSuccessStatusCode)
                {
                    yield return counted;
                    var (answer, stray) = (new Answer(server, constrained), constrained ? new StrayAnswer() : null);
                    await foreach (var delta in ReadAsync(response, answer, cancellationToken))
                    {
                        foreach (var known in stray?.Pass(delta) ?? [delta])
                            yield return known;
                    }
                    if (!answer.RefusesConstraint)
                        yield break;
                    constrained = false;
                    continue;
                }
                var reply = await server.ReadAsync(response, cancellationToken);
                if (counting && RefusesCounting(reply))
                    counting = false;
                else if (constrained && ConstraintRefusal.IsIn(reply))
                    constrained = false;
                else
                    throw await RefusalAsync(reply, missing);
            }
        }
    }

    // Servers from before the field was there, and strict ones, name it. Their answers come without counts.
    private static bool RefusesCounting(ServerReply reply) =>
        reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
        && reply.Body.Contains("stream_options", StringComparison.OrdinalIgnoreCase);

    private async IAsyncEnumerable<ChatDelta> ReadAsync(HttpResponseMessage response, Answer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var events = server.Guard(EventsAsync(response, cancellationToken), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (!answer.Done && !answer.RefusesConstraint && await NextAsync())
        {
            foreach (var delta in answer.Take(events.Current.Trim()))
                yield return delta;
        }
        if (!answer.RefusesConstraint)
            yield return answer.Finish();

        async Task<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (BackendException late) when (late.Failure == BackendFailure.Dropped && answer.HasEnded)
            {
                // All was said; only the farewell is missing.
                return false;
            }
            catch (OperationCanceledException) when (answer.HasEnded)
            {
                // The same, from a server that keeps the connection open. Whoever has left meanwhile does not read the answer.
                return false;
            }
        }
    }

    // A server that does not stream although it was asked to sends one JSON object: the same shape with message for delta.
    private async IAsyncEnumerable<string> EventsAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/event-stream")
        {
            await using var stream = new LineLimit(await response.Content.ReadAsStreamAsync(cancellationToken), events: true);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                stream.Ended();
                yield return item.EventType == "error" ? OpenAiWire.AsError(item.Data) : item.Data;
            }
            yield break;
        }
        var reply = await server.ReadAsync(response, cancellationToken);
        foreach (var line in Lines(reply.Body))
            yield return line;
    }

    // Some servers stream with a content type of their own: then the body is still made of data: lines.
    private static List<string> Lines(string body)
    {
        List<string> events = [.. body.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..].Trim())];
        return body.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal) || events.Count == 0 ? [body] : events;
    }

    private async Task<BackendException> RefusalAsync(ServerReply reply, Func<Task<BackendException?>> missing)
    {
        var words = server.WordsOf(reply.Body);
        var aboutTheModel = words.Contains("model", StringComparison.OrdinalIgnoreCase) &&
            (words.Contains("not found", StringComparison.OrdinalIgnoreCase) || words.Contains("does not exist", StringComparison.OrdinalIgnoreCase));
        var missed = aboutTheModel && (int)reply.Status is 400 or 404 ? await missing() : null;
        return missed ?? server.Refusal(reply.Status, reply.Body);
    }

    /// <summary>What has been understood of one answer so far.</summary>
    private sealed class Answer(ServerConnection server, bool constrained)
    {
        private bool hasBegun;
        private string? finishReason;
        private string? model;
        private bool recognised;
        private OpenAiWire.ChunkUsage? usage;
        private OpenAiWire.Timings? timings;
        private string last = "";

        /// <summary>Whether the server has closed the answer with [DONE].</summary>
        public bool Done { get; private set; }

        /// <summary>Whether it has said, in the place of an answer, that it does not constrain it. LM Studio says so inside a stream.</summary>
        public bool RefusesConstraint { get; private set; }

        /// <summary>Whether it has said how the answer ended.</summary>
        public bool HasEnded => finishReason is not null;

        public IEnumerable<ChatDelta> Take(string data)
        {
            Done = data == "[DONE]";
            if (Done || data.Length == 0)
                yield break;
            last = data;
            var chunk = OpenAiWire.Parse(data) ?? throw server.Unintelligible("a piece of an answer", data);
            if (chunk.IsError && (RefusesConstraint = constrained && !hasBegun && ConstraintRefusal.IsIn(data)))
                yield break;
            if (chunk.IsError)
                throw Reported(server.WordsOf(data), ServerWords.Overflow(data));
            recognised |= chunk.Choices is not null;
            model = chunk.Model is { Length: > 0 } named ? server.Words(named) : model;
            usage = OpenAiWire.Counts(chunk.Usage) ?? usage;
            timings = chunk.Timings ?? timings;
            if (chunk.PromptProgress is { Total: { } total, Processed: { } processed })
                yield return new ChatDelta.Progress($"reading prompt {processed}/{total}");
            if (chunk.Choices is not [{ } choice, ..])
                yield break;
            finishReason = choice.FinishReason ?? finishReason;
            foreach (var delta in OpenAiWire.Deltas(choice))
            {
                hasBegun = true;
                yield return delta;
            }
        }

        // llama-server reads the answer by the model's template, and gives up where it has another form: that is no accident.
        private BackendException Reported(string words, Overflow? overflow)
        {
            var next = words.Contains("does not match the expected", StringComparison.Ordinal)
                ? "The model does not answer in the form that its own chat template asks for. Asking again will not help: choose another model or another build of this one with set_model."
                : "Ask again; if it happens again, look at the server's own log.";
            return new BackendException(BackendFailure.FailedMidway, $"{server.Label} reported an error: \"{words}\". {next}") { Overflow = overflow };
        }

        public ChatDelta.Finish Finish()
        {
            if (!recognised)
                throw server.Unintelligible("an answer", last);
            if (finishReason is null && !Done)
                throw new BackendException(BackendFailure.Dropped, $"{server.Label} ended the answer without saying that it was complete. Ask again; if it happens again, look at the server's own log.");
            var reason = OpenAiWire.Reason(finishReason) ?? throw new BackendException(BackendFailure.FailedMidway, $"{server.Label} ended the answer with \"{server.Words(finishReason!)}\". Ask again; if it happens again, look at the server's own log.");
            var counted = usage?.Counted() ?? new Usage();
            return new ChatDelta.Finish(reason, timings?.AddTo(counted) ?? counted, model);
        }
    }
}
