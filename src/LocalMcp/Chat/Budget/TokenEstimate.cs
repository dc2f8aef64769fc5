using LocalMcp.Models;

namespace LocalMcp.Chat.Budget;

/// <summary>How many tokens a prompt is, without its model's tokenizer: one pass over its text.</summary>
internal static class TokenEstimate
{
    /// <summary>
    /// The most that a chat template adds: some tokens for each message, and a system prompt of its own where none is sent. Mistral Small's is one of about
    /// 400 tokens, Qwen 2.5's of 20, that of gpt-oss of about 70.
    /// </summary>
    private const int MostOfTemplate = 512;

    private const int MostOfTemplateBesideSystem = 128;
    private const int MostOfMessage = 16;
    private const int OfTemplate = 8;
    private const int OfMessage = 6;

    /// <summary>The prompt of a chat as <paramref name="model"/> reads it, its template included.</summary>
    public static TokenCount Of(ModelFacts model, IReadOnlyList<ChatMessage> messages)
    {
        var tally = new TextTally();
        foreach (var message in messages)
            tally.Add(message.Content);
        var text = Count(model, tally);
        return new TokenCount(text.Low, Sum(text.Expected, OfTemplate + (OfMessage * messages.Count)), Sum(text.High, Template(messages)));
    }

    /// <summary>A text of a prompt by itself.</summary>
    public static TokenCount Of(ModelFacts model, string text)
    {
        var tally = new TextTally();
        tally.Add(text);
        return Count(model, tally);
    }

    /// <summary>The most tokens that the prompt can be with any tokenizer: none makes more tokens of a text than it has bytes.</summary>
    public static long Most(IReadOnlyList<ChatMessage> messages) => messages.Sum(message => (long)System.Text.Encoding.UTF8.GetByteCount(message.Content)) + Template(messages);

    private static int Template(IReadOnlyList<ChatMessage> messages) =>
        (messages.Any(message => message.Role == "system") ? MostOfTemplateBesideSystem : MostOfTemplate) + (MostOfMessage * messages.Count);

    // One token for each byte, but for what few entries join.
    private static TokenCount Count(ModelFacts model, TextTally tally)
    {
        var bytes = (int)Math.Min(tally.Bytes, int.MaxValue);
        return TokenFamily.Of(model)?.Count(tally) ?? new TokenCount(bytes / 2, bytes, bytes);
    }

    private static int Sum(int tokens, int more) => (int)Math.Min((long)tokens + more, int.MaxValue);
}
