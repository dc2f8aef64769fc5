using System.Globalization;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Models;

namespace LocalMcp.Chat;

/// <summary>What has been heard of one answer so far, and what can be made of it when it ends, one way or the other.</summary>
internal sealed class ChatFold(ChatRequest request, TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();
    private readonly StringBuilder text = new();
    private ModelFacts? model;
    private ChatDelta.Finish? finish;
    private TimeSpan? firstToken;
    private TimeSpan lastToken;
    private bool reasoned;

    public bool HasText => text.Length > 0;

    public void Take(ChatDelta delta)
    {
        switch (delta)
        {
            case ChatDelta.Routed routed:
                model = routed.Model;
                break;
            case ChatDelta.Text piece:
                text.Append(piece.Value);
                Token();
                break;
            case ChatDelta.Reasoning:
                reasoned = true;
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
    public ChatReply Whole() => string.IsNullOrWhiteSpace(text.ToString()) ? throw Empty() : Reply();

    /// <summary>The reply of an answer that broke off after some text.</summary>
    public ChatReply Partial(BackendException failed) => Reply() with { Trouble = failed.Message };

    private ChatReply Reply() => new()
    {
        Model = model!,
        Text = text.ToString(),
        Finish = finish?.Reason,
        Usage = finish?.Usage ?? new Usage(),
        TokensPerSecond = finish?.Usage.TokensPerSecond ?? Measured(),
        FirstToken = firstToken,
        Reasoned = reasoned,
        AnsweredBy = finish?.AnsweredBy,
        MaxTokens = request.MaxTokens,
    };

    private BackendException Empty()
    {
        var tokens = finish?.Usage.AnswerTokens is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count:N0} tokens of ") : "";
        return new BackendException(BackendFailure.Refused, reasoned
            ? $"{model!.Name} ({model.Backend}) stopped after {tokens}reasoning, with no answer. {(request.MaxTokens > 0 ? "Raise max_tokens, or " : "Ask a narrower question, or ")}{(request.Think ? "leave think off." : "choose a model that reasons less with set_model.")}"
            : $"{model!.Name} ({model.Backend}) answered with nothing. Rephrase the prompt, or choose another model with set_model; `quick_test` shows whether it works at all.");
    }

    private void Token()
    {
        lastToken = clock.GetElapsedTime(started);
        firstToken ??= lastToken;
    }

    // The first token's time is prefill; the others came in the time after it. A few tokens in one go are no measurement.
    private double? Measured() => finish?.Usage.AnswerTokens is > 1 and var tokens && lastToken - firstToken is { TotalMilliseconds: >= 50 } decode
        ? (tokens - 1) / decode.TotalSeconds
        : null;
}
