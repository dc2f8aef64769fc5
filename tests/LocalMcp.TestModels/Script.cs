namespace LocalMcp.TestModels;

/// <summary>What a scripted model says, word for word, to any prompt, and what it says about itself.</summary>
/// <param name="Text">Any text that UTF-8 can carry; empty for a model that ends its turn at once.</param>
public sealed record Script(string Text)
{
    /// <summary>GGUF's general.name. Default: "Scripted".</summary>
    public string Name { get; init; } = "Scripted";

    /// <summary>The Jinja chat template, for example one of <see cref="ChatTemplates"/>. Default: <see cref="ChatTemplates.Plain"/>.</summary>
    public string ChatTemplate { get; init; } = ChatTemplates.Plain;

    /// <summary>The trained context in tokens, at least 1. A prompt needs one token per byte of UTF-8. Default: 4,096.</summary>
    public int ContextLength { get; init; } = 4096;

    /// <summary>Says the text again and again, with nothing in between, and never ends its turn. Default: false.</summary>
    public bool Endless { get; init; }

    /// <summary>Texts that are one token each wherever they occur in a prompt, for long prompts of few tokens. Default: none.</summary>
    public IReadOnlyList<string> PromptTokens { get; init; } = [];

    /// <summary>How many tokens the text is, without the one that ends the turn: what an engine counts, less one.</summary>
    public int CountTokens() => ScriptTokens.Of(this, new Vocabulary()).Answer.Count;
}
