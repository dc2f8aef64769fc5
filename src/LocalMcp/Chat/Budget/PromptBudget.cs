using LocalMcp.Backends;

namespace LocalMcp.Chat.Budget;

/// <summary>Whether a prompt fits into the context that its model is served with, and how much room it leaves for the answer. Pure.</summary>
internal static class PromptBudget
{
    /// <summary>The request with its <see cref="ChatRequest.Room"/>.</summary>
    /// <remarks>
    /// An estimate refuses only when even the fewest tokens that it can be are too many; where it might fit, the server decides. Its room is what is
    /// left beside the most that it can be, or where that is little, half of what is likely to be left.
    /// </remarks>
    /// <exception cref="BackendException">It does not fit. Its words are plain; <see cref="BudgetWatch"/> puts better ones in their place.</exception>
    public static ChatRequest Fit(ChatRequest request, TokenCount prompt, int context)
    {
        // A prompt that fills the context leaves no token for the answer: servers refuse it too.
        if (prompt.Low >= context)
            throw Refusal(new Overflow(prompt, context));
        return request with { Room = Math.Max(1, Math.Max(context - prompt.High, (context - prompt.Expected) / 2)) };
    }

    /// <summary>The error for a prompt that is too long.</summary>
    /// <param name="words">What a server said of it; null where we found out.</param>
    public static BackendException Refusal(Overflow overflow, string? words = null) =>
        new(BackendFailure.Refused, words ?? $"The prompt has {overflow.Prompt?.ToString() ?? "too many"} tokens, and this model is served with a context of {(overflow.Context is { } context ? TokenCount.Number(context) : "fewer")}. Send less, or raise the context length.") { Overflow = overflow };
}
