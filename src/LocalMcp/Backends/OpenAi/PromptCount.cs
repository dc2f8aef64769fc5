using System.Text.Json;
using System.Text.Json.Serialization;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;

namespace LocalMcp.Backends.OpenAi;

/// <summary>
/// How many tokens a prompt is: by the server's own tokenizer where it offers one and the prompt with its answer might not fit, else by estimate. Counting
/// costs the server as much as reading the prompt again, so no prompt is counted twice. Whatever goes wrong with counting, the chat itself may still
/// work: then the estimate has to do.
/// </summary>
internal sealed class PromptCount(ServerConnection server, ServerKind kind, string root)
{
    // With a context that nobody told: every server has this much.
    private const int LeastContext = 2_048;

    // A server that counts megabytes is busy with it for long; of so many bytes the estimate says enough.
    private const int MostBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CountedPrompts known = new();

    public async Task<ChatDelta.Counted> OfAsync(ModelFacts model, ChatRequest request, CancellationToken cancellationToken)
    {
        // A refusal is never taken from memory: the server may have been started again, with a larger context.
        if (known.Find(model, request) is { } before && Fits(before.Prompt, before.Context ?? model.ContextLength, request))
            return before with { Context = before.Context ?? model.ContextLength };
        var messages = request.Messages;
        var guess = new ChatDelta.Counted(TokenEstimate.Of(model, messages), model.ContextLength);
        // What fits with one token a byte fits, whatever the tokenizer; what fits with the most that the estimate can be fits as well, and its answer too.
        var most = TokenEstimate.Most(messages);
        if (most <= (model.ContextLength ?? LeastContext) || most > MostBytes || Fits(guess.Prompt, model.ContextLength, request))
            return guess;
        var (tokens, context) = await AskAsync(model.Name, request, cancellationToken);
        if (tokens is not > 0)
            return guess with { Context = context ?? guess.Context };
        known.Add(model, request, tokens.Value, context);
        return new ChatDelta.Counted(TokenCount.Exact(tokens.Value), context ?? guess.Context);
    }

    // Beside the answer that is asked for: where that has to be bounded the bound is to be exact.
    private static bool Fits(TokenCount prompt, int? context, ChatRequest request) => prompt.High + (long)Math.Max(1, request.MaxTokens) <= context;

    private async Task<(int? Tokens, int? Context)> AskAsync(string model, ChatRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return kind switch
            {
                _ when kind == ServerKind.LlamaServer => await LlamaServerAsync(model, request, patience.Token),
                _ when kind == ServerKind.Vllm => await VllmAsync(model, request, patience.Token),
                _ => default,
            };
        }
        catch (Exception failed) when (failed is BackendException or JsonException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return default;
        }
    }

    // The prompt as its template makes it, with what the chat will say about reasoning; then its tokens; and the context of a slot as it is now.
    private async Task<(int?, int?)> LlamaServerAsync(string model, ChatRequest request, CancellationToken cancellationToken)
    {
        var props = server.GetAsync($"{root}props?model={Uri.EscapeDataString(model)}", cancellationToken);
        var (template, served) = (await server.PostAsync($"{root}apply-template", OpenAiWire.Body(kind, model, request), cancellationToken), await props);
        var context = served.Succeeded ? OpenAiWire.Served(served.Body).Context : null;
        if (!template.Succeeded || JsonSerializer.Deserialize(template.Body, CountJson.Default.Templated)?.Prompt is not { } prompt)
            return (null, context);
        var body = JsonSerializer.SerializeToUtf8Bytes(new TokenizeText(model, prompt, AddSpecial: true, ParseSpecial: true, WithPieces: false), CountJson.Default.TokenizeText);
        var reply = await server.PostAsync($"{root}tokenize", body, cancellationToken);
        return (reply.Succeeded ? JsonSerializer.Deserialize(reply.Body, CountJson.Default.Tokenized)?.Tokens?.Length : null, context);
    }

    private async Task<(int?, int?)> VllmAsync(string model, ChatRequest request, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new TokenizeChat(model, request.Messages), CountJson.Default.TokenizeChat);
        var reply = await server.PostAsync($"{root}tokenize", body, cancellationToken);
        var told = reply.Succeeded ? JsonSerializer.Deserialize(reply.Body, CountJson.Default.Tokenized) : null;
        return (told?.Count, told?.MaxModelLen is > 0 and var length ? length : null);
    }

    internal sealed record Templated(string? Prompt);

    internal sealed record TokenizeText(string Model, string Content, bool AddSpecial, bool ParseSpecial, bool WithPieces);

    internal sealed record TokenizeChat(string Model, IReadOnlyList<ChatMessage> Messages);

    internal sealed record Tokenized(int[]? Tokens, int? Count, int? MaxModelLen);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PromptCount.Templated))]
[JsonSerializable(typeof(PromptCount.TokenizeText))]
[JsonSerializable(typeof(PromptCount.TokenizeChat))]
[JsonSerializable(typeof(PromptCount.Tokenized))]
internal sealed partial class CountJson : JsonSerializerContext;
