using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Backends.Ollama;

/// <summary>Ollama over its native API: its OpenAI-compatible one ignores the context length and cuts prompts in silence.</summary>
/// <param name="name">Its name in lists.</param>
/// <param name="url">Its root.</param>
/// <param name="server">The connection, whose root is <paramref name="url"/>.</param>
/// <param name="settings">How it is asked.</param>
/// <param name="clock">By which what it said of a model is relied on for a while.</param>
internal sealed class OllamaBackend(string name, Uri url, ServerConnection server, OllamaSettings settings, TimeProvider clock) : IBackend
{
    private readonly OllamaDetails details = new(server);
    private readonly OllamaContext contexts = new(server, settings);
    private readonly OllamaWhereabouts whereabouts = new(server, clock);

    public string Name => name;

    public string Where => url.GetLeftPart(UriPartial.Authority);

    public string MoreContext(int tokens) => $"set ollama.context_length in settings.json to {tokens}";

    public async Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken)
    {
        var running = server.GetAsync("api/ps", cancellationToken);
        var tags = await server.GetAsync("api/tags", cancellationToken);
        var ps = await running;
        if (!tags.Succeeded)
            throw server.Refusal(tags.Status, tags.Body);
        var models = OllamaWire.Models(tags.Body, ps.Succeeded ? ps.Body : null, Name) ?? throw server.Unintelligible("Ollama's list of models", tags.Body);
        contexts.Forget();
        whereabouts.Listed(models.Select(model => model.Facts));
        return [.. (await details.AddToAsync(models, cancellationToken)).Select(contexts.Served)];
    }

    public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await whereabouts.CheckAsync(model, cancellationToken);
        // think: false is always accepted; think: true is refused by a model that cannot.
        bool? think = request.Think && model.CanThink is false ? null : request.Think;
        var prompt = TokenEstimate.Of(model, request.Messages);
        if (contexts.Of(model) is null && prompt.High > OllamaContext.Least)
        {
            await foreach (var step in contexts.LearnAsync(model, cancellationToken))
                yield return step;
        }
        var counted = new ChatDelta.Counted(prompt, contexts.Of(model));
        yield return counted;
        if (counted.Context is { } context)
            request = PromptBudget.Fit(request, prompt, context);
        var constrained = request.Schema?.Constraint is not null;
        while (true)
        {
            await foreach (var step in server.OpenAsync("api/chat", OllamaWire.Body(model.Name, request, think, contexts.Wanted(model), constrained), cancellationToken))
            {
                if (step.Waiting is { } waiting)
                    yield return waiting;
                if (step.Response is not { } opened)
                    continue;
                using var response = opened;
                if (response.IsSuccessStatusCode)
                {
                    await foreach (var delta in ReadAsync(response, model, counted, cancellationToken))
                        yield return delta;
                    yield break;
                }
                // Asked again without what it refused, once for each.
                var reply = await server.ReadAsync(response, cancellationToken);
                if (think is not null && RefusesThinking(reply))
                    think = null;
                else if (constrained && ConstraintRefusal.IsIn(reply))
                    constrained = false;
                else
                    throw await RefusalAsync(reply, model.Name, cancellationToken);
            }
        }
    }

    private async IAsyncEnumerable<ChatDelta> ReadAsync(HttpResponseMessage response, ModelFacts model, ChatDelta.Counted counted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var text in server.Guard(LinesAsync(response, cancellationToken), cancellationToken))
        {
            var line = OllamaWire.Parse(text) ?? throw server.Unintelligible("a line of an answer", text);
            if (line.Error is { } error)
                throw new BackendException(BackendFailure.FailedMidway, $"{server.Label} reported an error: \"{server.Words(error)}\". Ask again; if it happens again, `ollama ps` shows whether the model still fits.") { Overflow = ServerWords.Overflow(text) };
            if (line is { Message: null, Done: not true })
                throw server.Unintelligible("a line of an answer", text);
            foreach (var delta in OllamaWire.Deltas(line))
                yield return delta;
            if (line.Done is true)
            {
                if (await contexts.AfterAsync(model, counted.Context, line, cancellationToken) is { } served)
                    yield return counted with { Context = served };
                yield return OllamaWire.Finish(line with { Model = line.Model is { } named ? server.Words(named) : null }) ?? throw new BackendException(BackendFailure.FailedMidway, $"{server.Label} ended the answer with \"{server.Words(line.DoneReason!)}\". Ask again; if it happens again, look at Ollama's log.");
                yield break;
            }
        }
        throw new BackendException(BackendFailure.Dropped, $"{server.Label} ended the answer without saying that it was complete. It does so when its engine has died, and when a model repeats one token 30 times. Ask again; if it happens again, look at Ollama's log.");
    }

    private static async IAsyncEnumerable<string> LinesAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new LineLimit(await response.Content.ReadAsStreamAsync(cancellationToken)), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }

    private static bool RefusesThinking(ServerReply reply) =>
        reply.Status == HttpStatusCode.BadRequest && reply.Body.Contains("does not support thinking", StringComparison.Ordinal);

    private async Task<BackendException> RefusalAsync(ServerReply reply, string model, CancellationToken cancellationToken)
    {
        var missing = reply.Status == HttpStatusCode.NotFound && ServerWords.From(reply.Body).Contains("not found", StringComparison.Ordinal) && ServerWords.From(reply.Body).Contains("model", StringComparison.Ordinal);
        if (!missing)
            return server.Refusal(reply.Status, reply.Body);
        return MissingModel.Error(server.Label, model, (await ListAsync(cancellationToken)).Select(m => m.Name));
    }
}
