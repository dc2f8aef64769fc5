namespace LocalMcp.Chat.Budget;

/// <summary>A prompt that does not fit into the context that its model is served with.</summary>
/// <param name="Prompt">Its tokens; null where nobody said how many.</param>
/// <param name="Context">Tokens of that context; null where nobody said how many.</param>
internal sealed record Overflow(TokenCount? Prompt, int? Context);
