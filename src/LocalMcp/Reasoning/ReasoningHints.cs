namespace LocalMcp.Reasoning;

/// <summary>What is known before the answer comes. It decides where a form could be either: reasoning, or what the answer says.</summary>
/// <param name="Live">
/// Whether somebody reads along. Then text goes on as soon as it is likely to be the answer: at once for a model that is known not to reason, else
/// when its reasoning has ended; a marker that would have made reasoning of what is out already only goes. Where the answer is read at its end,
/// nothing is handed on before that.
/// </param>
/// <param name="CanThink">Whether the model's template or backend says that it reasons; null when neither says. Backends overlook templates, so false is no proof.</param>
/// <param name="Prompt">All that was asked: an answer may well contain what its question speaks of.</param>
internal sealed record ReasoningHints(bool Live, bool? CanThink, string Prompt)
{
    /// <summary>Whether a closing marker alone may still turn the text into reasoning, so that it waits.</summary>
    public bool Waits => !Live || CanThink is not false;

    /// <summary>Whether the question speaks of such markers.</summary>
    public bool Speaks(Form form) => Forms.Traces(form).Any(Speaks);

    /// <summary>Whether the question contains these words.</summary>
    public bool Speaks(string words) => Prompt.Contains(words, StringComparison.OrdinalIgnoreCase);
}
