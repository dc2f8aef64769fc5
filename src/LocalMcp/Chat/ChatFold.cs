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
    private long reasoning;

    public bool HasText => text.Length > 0;

    public bool HasReasoned => reasoning > 0;

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
            case ChatDelta.Reasoning piece:
                reasoning += piece.Value.Length;
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
        Text = WholeCharacters(text.ToString()),
        Finish = finish?.Reason,
        Usage = finish?.Usage ?? new Usage(),
        TokensPerSecond = finish?.Usage.TokensPerSecond ?? Measured(),
        FirstToken = firstToken,
        Reasoned = reasoning > 0,
        ReasoningTokens = finish?.Usage.ReasoningTokens ?? Share(),
        ReasoningIsEstimate = finish?.Usage.ReasoningTokens is null,
        AnsweredBy = finish?.AnsweredBy,
        MaxTokens = request.MaxTokens,
    };

    // Nothing came that can be handed on: reasoning alone, or nothing at all; and the tokens were used up, or the model was done with it.
    private BackendException Empty()
    {
        var who = $"{model!.Name} ({model.Backend})";
        var tokens = finish?.Usage.AnswerTokens is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count:N0} tokens") : "an unknown number of tokens";
        var usedUp = finish?.Reason == FinishReason.Length;
        var raise = request.MaxTokens > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Raise max_tokens (now {request.MaxTokens:N0})")
            : "Raise the context length that the model is served with, or the server's own limit";
        var instead = request.Think ? "leave think off" : "choose a model that reasons less with set_model";
        return new BackendException(BackendFailure.Refused, (reasoning > 0, usedUp) switch
        {
            (true, true) => $"{who} used up its whole budget of {tokens} on reasoning, with no answer. {raise}, or {instead}.",
            (true, false) => $"{who} stopped after {tokens} of reasoning, with no answer. Ask again or a narrower question, or {instead}.",
            (false, true) => $"{who} used up its whole budget of {tokens} before any text came. {raise}.",
            _ => $"{who} answered with nothing. Rephrase the prompt, or choose another model with set_model; `quick_test` shows whether it works at all.",
        });
    }

    // An estimate: the reasoning's share of all characters, markers left out, of the tokens that the backend counted.
    private int? Share() => reasoning > 0 && finish?.Usage.AnswerTokens is { } all ? (int)Math.Round(all * (double)reasoning / (reasoning + text.Length)) : null;

    // What a server cut in half and never sent the rest of cannot be written as text.
    private static string WholeCharacters(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

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
