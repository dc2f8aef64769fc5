using System.Globalization;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Models;
using LocalMcp.Models.Speed;

namespace LocalMcp.Chat;

/// <summary>What has been heard of one answer so far, and what can be made of it when it ends, one way or the other.</summary>
internal sealed class ChatFold(ChatRequest request, TimeProvider clock)
{
    // Fewer pieces than these came in bundles, and then the time between the first and the last of them is not that of all tokens but the first.
    private const int LeastPieces = 16;

    private readonly long started = clock.GetTimestamp();
    private readonly StringBuilder text = new();
    private bool hasText;
    private bool hasReasoned;
    private ModelFacts? model;
    private string where = "";
    private ChatDelta.Counted? counted;
    private ChatDelta.Finish? finish;
    private TimeSpan? firstToken;
    private TimeSpan lastToken;
    private int pieces;
    private long reasoning;

    /// <summary>Whether any text has come that is not blank.</summary>
    public bool HasText => hasText;

    /// <summary>Whether any reasoning has come that is not blank.</summary>
    public bool HasReasoned => hasReasoned;

    public void Take(ChatDelta delta)
    {
        switch (delta)
        {
            case ChatDelta.Routed routed:
                (model, where) = (routed.Model, routed.Backend.Where);
                break;
            case ChatDelta.Counted prompt:
                counted = prompt;
                break;
            case ChatDelta.Text piece:
                text.Append(piece.Value);
                hasText = hasText || !string.IsNullOrWhiteSpace(piece.Value);
                Token();
                break;
            case ChatDelta.Reasoning piece:
                reasoning += piece.Value.Length;
                hasReasoned = hasReasoned || !string.IsNullOrWhiteSpace(piece.Value);
                Token();
                break;
            case ChatDelta.Held:
                Token();
                break;
            case ChatDelta.Finish end:
                finish = end;
                break;
        }
    }

    /// <summary>The reply of an answer that ended in order.</summary>
    /// <exception cref="BackendException">It ended without any text.</exception>
    public ChatReply Whole() => hasText ? Sampled(Reply()) : throw Empty();

    /// <summary>The reply of an answer that broke off after some text.</summary>
    public ChatReply Partial(BackendException failed) => Reply() with { Trouble = failed.Message };

    private ChatReply Reply()
    {
        var reply = Heard();
        return reply with { FileTokens = FileTokens(reply.PromptTokens) };
    }

    private ChatReply Heard() => new()
    {
        Model = model!,
        Where = where,
        Text = WholeCharacters(text.ToString()),
        Finish = finish?.Reason,
        Usage = finish?.Usage ?? new Usage(),
        TokensPerSecond = finish?.Usage.TokensPerSecond ?? Measured(),
        FirstToken = firstToken,
        Reasoned = hasReasoned,
        ReasoningTokens = Reported() ?? Share(),
        ReasoningIsEstimate = Reported() is null,
        AnsweredBy = finish?.AnsweredBy,
        MaxTokens = request.MaxTokens,
        Prompt = finish?.Prompt ?? counted?.Prompt,
        Cut = finish?.Cut,
        Files = request.Files,
    };

    // Only what a real model said, under its own name.
    private ChatReply Sampled(ChatReply reply) => reply is { Model.SmokeTest: false, AnsweredByAnother: false } ? reply with { Sample = Sample(reply.Usage) } : reply;

    private SpeedSample? Sample(Usage usage) =>
        SpeedSample.Of(usage.TokensPerSecond ?? (pieces >= LeastPieces ? Measured() : null), usage.AnswerTokens, usage.PrefillTokensPerSecond, usage.PrefillTokens);

    // Nothing came that can be handed on: reasoning alone, or nothing at all; and the tokens were used up, or the model was done with it.
    private BackendException Empty()
    {
        var who = $"{model!.Name} ({model.Backend})";
        var spent = finish?.Usage.AnswerTokens is { } count ? Tokens(count) : "its tokens";
        var instead = request.Think ? "leave think off" : "choose a model that reasons less with set_model";
        return new BackendException(BackendFailure.Refused, (HasReasoned, finish?.Reason) switch
        {
            (true, FinishReason.Length) => $"{who} used up its whole budget of {spent} on reasoning, with no answer. {Raise()}, or {instead}.",
            (true, _) => $"{who} stopped after {spent} of reasoning, with no answer. Ask again or a narrower question, or {instead}.",
            (false, FinishReason.Length) => $"{who} used up its whole budget of {spent} before any text came. {Raise()}.",
            (false, FinishReason.Refused) => $"The server's content filter withheld the answer of {who}. Rephrase the prompt, or choose another model with set_model.",
            _ => $"{who} answered with nothing. Rephrase the prompt, or choose another model with set_model; `quick_test` shows whether it works at all.",
        });
    }

    // What ended it: max_tokens if that many came, else the context, or a limit of the server's own.
    private string Raise()
    {
        if (request.MaxTokens > 0 && !(finish?.Usage.AnswerTokens < request.MaxTokens))
            return string.Create(CultureInfo.InvariantCulture, $"Raise max_tokens (now {request.MaxTokens:N0})");
        var context = model!.ContextLength is { } length ? string.Create(CultureInfo.InvariantCulture, $" (now {length:N0})") : "";
        return model.Backend == EngineModels.BackendName
            ? $"Raise context_length in settings.json{context}"
            : $"Set max_tokens higher than the server's default, or raise the context length that the model is served with{context}";
    }

    private static string Tokens(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} token{(count == 1 ? "" : "s")}");

    // The server's own number, unless it cannot be one of the tokens that it counted.
    private int? Reported() => finish?.Usage is { ReasoningTokens: { } of } usage && !(of > usage.AnswerTokens) ? of : null;

    // An estimate: the reasoning's share of all characters, markers left out, of the tokens that the backend counted.
    private int? Share() => hasReasoned && finish?.Usage.AnswerTokens is { } all && Math.Round(all * (double)reasoning / (reasoning + text.Length)) is >= 1 and var share ? (int)share : null;

    // An estimate: the files' share of the prompt's bytes, of its tokens.
    private int? FileTokens(int? all) => all is { } tokens && request.Files.Files.Count > 0
        ? (int)Math.Round(tokens * (double)Encoding.UTF8.GetByteCount(request.Files.Text) / request.Messages.Sum(message => (long)Encoding.UTF8.GetByteCount(message.Content)))
        : null;

    // What a server cut in half and never sent the rest of cannot be written as text.
    private static string WholeCharacters(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    private void Token()
    {
        lastToken = clock.GetElapsedTime(started);
        firstToken ??= lastToken;
        pieces++;
    }

    // The first token's time is prefill; the others came in the time after it. A few tokens in one go are no measurement.
    private double? Measured() => finish?.Usage.AnswerTokens is > 1 and var tokens && lastToken - firstToken is { TotalMilliseconds: >= 50 } decode
        ? (tokens - 1) / decode.TotalSeconds
        : null;
}
