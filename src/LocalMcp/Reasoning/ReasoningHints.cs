namespace LocalMcp.Reasoning;

/// <summary>What is known before the answer comes. It decides where a form could be either: reasoning, or what the answer says.</summary>
/// <param name="Hold">
/// Whether to hold the answer back until it is certain that no closing marker will turn it into reasoning. Without it the text goes on at once,
/// and such a marker only goes.
/// </param>
/// <param name="CanThink">Whether the model's template or backend says that it reasons; null when neither says. Backends overlook templates, so false is no proof.</param>
/// <param name="Prompt">All that was asked: an answer may well contain what its question speaks of.</param>
internal sealed record ReasoningHints(bool Hold, bool? CanThink, string Prompt)
{
    private readonly Dictionary<Form, bool> known = [];

    /// <summary>Whether the question speaks of such markers.</summary>
    public bool Speaks(Form form)
    {
        if (!known.TryGetValue(form, out var speaks))
            known[form] = speaks = Forms.Traces(form).Any(Speaks);
        return speaks;
    }

    /// <summary>Whether the question contains these words.</summary>
    public bool Speaks(string words) => Prompt.Contains(words, StringComparison.OrdinalIgnoreCase);
}
