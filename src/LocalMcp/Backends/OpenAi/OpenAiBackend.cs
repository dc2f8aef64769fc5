using System.Globalization;
using System.Runtime.CompilerServices;
using LocalMcp.Chat;
using LocalMcp.Models;

namespace LocalMcp.Backends.OpenAi;

/// <summary>A server with an OpenAI-compatible API: LM Studio, oMLX, vLLM, exo, llama-server, or any other by URL.</summary>
/// <param name="name">Its name in lists.</param>
/// <param name="kind">What it turned out to be.</param>
/// <param name="url">Its API's base, ending in <c>/v1/</c>.</param>
/// <param name="server">The connection, whose root is <paramref name="url"/>.</param>
/// <param name="clock">By which those who wait for a slot are told how it stands.</param>
internal sealed class OpenAiBackend(string name, ServerKind kind, Uri url, ServerConnection server, TimeProvider clock) : IBackend
{
    private readonly OpenAiChat chat = new(server, kind, root: "../");
    private readonly Slots slots = new(clock);

    public string Name => name;

    public string Where => url.GetLeftPart(UriPartial.Authority);

    public string MoreContext(int tokens) => string.Format(CultureInfo.InvariantCulture, kind.MoreContext, tokens);

    public async Task<IReadOnlyList<ModelFacts>> ListAsync(CancellationToken cancellationToken)
    {
        // LM Studio's own listing knows more. A version without it answers 200 with an error object.
        if (kind == ServerKind.LmStudio && await AskAsync("../api/v0/models", cancellationToken) is { } rich && OpenAiWire.Models(rich.Body, Name) is { } known)
            return known;
        var reply = await server.GetAsync("models", cancellationToken);
        if (!reply.Succeeded)
            throw server.Refusal(reply.Status, reply.Body);
        var models = OpenAiWire.Models(reply.Body, Name) ?? throw server.Unintelligible("a list of models", reply.Body);
        return kind == ServerKind.LlamaServer ? await WithServedContextAsync(models, cancellationToken) : models;
    }

    public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelFacts model, ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = slots.Enter();
        await foreach (var step in place.WaitAsync(cancellationToken))
            yield return step;
        await foreach (var delta in chat.StreamAsync("chat/completions", model, request, () => MissingAsync(model.Name, cancellationToken), cancellationToken))
            yield return delta;
    }

    // A llama-server with one model has it in memory; one in router mode says so for each.
    private async Task<IReadOnlyList<ModelFacts>> WithServedContextAsync(IReadOnlyList<ModelFacts> models, CancellationToken cancellationToken)
    {
        if (models is not [{ Loaded: null } only])
        {
            slots.Count = null;
            return models;
        }
        var served = await AskAsync("../props", cancellationToken) is { } props ? OpenAiWire.Served(props.Body) : new OpenAiWire.ServedModel();
        slots.Count = served.Slots is > 0 ? served.Slots : null;
        return [only with { Loaded = true, ContextLength = only.ContextLength ?? served.Context, CanThink = served.CanThink, Shape = With(only.Shape, served.CanUseTools) }];
    }

    private static ModelShape? With(ModelShape? shape, bool? tools) => tools is null ? shape : (shape ?? new ModelShape()) with { CanUseTools = tools };

    private async Task<ServerReply?> AskAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await server.GetAsync(path, cancellationToken);
        return reply.Succeeded ? reply : null;
    }

    // Null when the server has the model after all: then its refusal is about something else.
    private async Task<BackendException?> MissingAsync(string model, CancellationToken cancellationToken)
    {
        var there = await ListAsync(cancellationToken);
        return there.Any(m => m.Name == model) ? null : MissingModel.Error(server.Label, model, there.Select(m => m.Name));
    }
}
