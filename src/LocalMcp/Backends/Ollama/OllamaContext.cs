using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Backends.Ollama;

/// <summary>
/// The context that Ollama serves a model with: what the settings ask for, what was learned by loading it, or what Ollama's lists said. What is asked for
/// is always the same, for another <c>num_ctx</c> makes Ollama load the model again.
/// </summary>
internal sealed class OllamaContext(ServerConnection server, OllamaSettings settings)
{
    /// <summary>The least context that any Ollama has served with by default, in tokens. A prompt that fits into it needs no look.</summary>
    public const int Least = 2_048;

    private readonly ConcurrentDictionary<string, int> learned = new();

    /// <summary>The <c>num_ctx</c> to send with every chat and load of this model; null where the settings leave it to Ollama.</summary>
    public int? Wanted(ModelFacts model) => settings.ContextLength is > 0 and var wanted ? Math.Min(wanted, model.TrainedContext ?? wanted) : null;

    /// <summary>The context that a chat is served with; null when only a load can tell.</summary>
    public int? Of(ModelFacts model) => Wanted(model) ?? (learned.TryGetValue(model.Name, out var served) ? served : model.ContextLength);

    /// <summary>The facts with the context that a chat is served with.</summary>
    public ModelFacts Served(ModelFacts model) => model with { ContextLength = Of(model) };

    /// <summary>Forgets what was learned: the lists were asked again, since something may have changed.</summary>
    public void Forget() => learned.Clear();

    /// <summary>
    /// Loads the model as the chat will, which costs nothing that the chat would not, and asks what it is served with. Where that cannot be learned, the
    /// chat goes on without: Ollama refuses what is too long.
    /// </summary>
    /// <exception cref="BackendException">It cannot be loaded.</exception>
    public async IAsyncEnumerable<ChatDelta> LearnAsync(ModelFacts model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ChatDelta.Progress($"loading {model.Name}");
        await foreach (var step in server.OpenAsync("api/chat", OllamaWire.LoadBody(model.Name, Wanted(model)), cancellationToken))
        {
            if (step.Waiting is { } waiting)
                yield return waiting;
            if (step.Response is not { } opened)
                continue;
            using var response = opened;
            // What it says against an empty chat it may not say against this one; but no chat survives a failed load.
            var reply = await server.ReadAsync(response, cancellationToken);
            if ((int)reply.Status >= 500)
                throw server.Refusal(reply.Status, reply.Body);
        }
        if (await AskAsync(model, cancellationToken) is { } context)
            learned[model.Name] = context;
    }

    /// <summary>
    /// The context of an answer that has just ended, where it is not the one that was reckoned with: because that was not known, or because the model was
    /// loaded for this answer, maybe with another one. Null when nothing can have been lost.
    /// </summary>
    /// <param name="reckoned">What the request was fitted into.</param>
    public async Task<int?> AfterAsync(ModelFacts model, int? reckoned, OllamaWire.Line line, CancellationToken cancellationToken)
    {
        var isLong = line.PromptEvalCount + line.EvalCount > Least;
        if (!isLong || (reckoned is not null && !OllamaWire.LoadedForThis(line)))
            return null;
        if (await AskAsync(model, cancellationToken) is not { } context || context == reckoned)
            return null;
        learned[model.Name] = context;
        return context;
    }

    private async Task<int?> AskAsync(ModelFacts model, CancellationToken cancellationToken)
    {
        try
        {
            var ps = await server.GetAsync("api/ps", cancellationToken);
            return ps.Succeeded ? OllamaWire.ServedContext(ps.Body, model.Name) : null;
        }
        catch (BackendException)
        {
            return null;
        }
    }
}
