using LocalMcp.Backends;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;

namespace LocalMcp.Chat;

/// <summary>One piece of what flows back along the road.</summary>
internal abstract record ChatDelta
{
    private ChatDelta()
    {
    }

    /// <summary>The model that was chosen for this request, and who runs it. First on the road, once.</summary>
    public sealed record Routed(ModelFacts Model, IBackend Backend) : ChatDelta;

    /// <summary>
    /// How many tokens the prompt is, and the context that it has to fit into with the answer; null where that is not known. Comes before the answer,
    /// and again where the backend has learned more.
    /// </summary>
    public sealed record Counted(TokenCount Prompt, int? Context) : ChatDelta;

    /// <summary>A sign of life for whoever waits: loading, queued.</summary>
    public sealed record Progress(string Message) : ChatDelta;

    /// <summary>A piece of the answer.</summary>
    public sealed record Text(string Value) : ChatDelta;

    /// <summary>A piece of the model's reasoning, which is not part of the answer.</summary>
    public sealed record Reasoning(string Value) : ChatDelta;

    /// <summary>A token has come that cannot be told apart yet: text or reasoning. It comes later, as one of the two.</summary>
    public sealed record Held : ChatDelta;

    /// <summary>The backend has ended the answer in order. Last from the backend, once.</summary>
    public sealed record Finish(FinishReason Reason, Usage Usage, string? AnsweredBy) : ChatDelta
    {
        /// <summary>What of the prompt or the answer the server dropped without saying so, as a sentence; null when there is no sign of that.</summary>
        public SilentCut? Cut { get; init; }

        /// <summary>Tokens of the prompt as we counted or estimated them; null when nobody did.</summary>
        public TokenCount? Prompt { get; init; }
    }
}

/// <summary>Why a backend ended an answer in order.</summary>
internal enum FinishReason
{
    Stop,

    /// <summary>At max_tokens, or at the end of the context.</summary>
    Length,

    /// <summary>The server's own filter withheld the rest.</summary>
    Refused,
}

/// <summary>What the backend counted. What it did not say is null.</summary>
/// <param name="PromptTokens">Tokens of the prompt, after the backend's template.</param>
/// <param name="AnswerTokens">Tokens generated, reasoning included.</param>
/// <param name="TokensPerSecond">Decode speed as the backend measured it.</param>
/// <param name="ReasoningTokens">How many of the tokens generated were reasoning.</param>
internal sealed record Usage(int? PromptTokens = null, int? AnswerTokens = null, double? TokensPerSecond = null, int? ReasoningTokens = null)
{
    /// <summary>
    /// Prefill speed as the backend measured it: tokens of the prompt that were really read, over the time of reading them. Tokens that it had in its
    /// cache are not among them; where they cannot be told apart this is null, for with them it would be many times too high.
    /// </summary>
    public double? PrefillTokensPerSecond { get; init; }

    /// <summary>How many tokens that speed was measured on.</summary>
    public int? PrefillTokens { get; init; }

    /// <summary>Tokens of the prompt that were in the server's cache, where it says so.</summary>
    public int? CachedTokens { get; init; }
}
