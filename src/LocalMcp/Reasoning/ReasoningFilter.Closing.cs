namespace LocalMcp.Reasoning;

/// <summary>Closing markers in the answer: what stood before them may have been reasoning that the template opened in the prompt.</summary>
internal sealed partial class ReasoningFilter
{
    /// <summary>Why a closing marker was left in the text, and what must follow for it to be one after all.</summary>
    private enum LeftFor
    {
        /// <summary>It stands in a block of code that may never end, or that another block begins in: then the block was part of the reasoning.</summary>
        Code,

        /// <summary>It reads like a word of a sentence; a marker when the next word begins a sentence, or nothing follows.</summary>
        Sentence,

        /// <summary>The question speaks of such markers, and the sentence before it is not at its end; a marker when a blank line follows.</summary>
        Quotation,

        /// <summary>It ends an unfinished sentence; a marker when anything follows.</summary>
        More,
    }

    /// <summary>A closing marker that was left in the text: where, how long, and in the how manieth block of code.</summary>
    private readonly record struct LeftClosing(int At, int Length, int Fence);

    private readonly Dictionary<LeftFor, LeftClosing> left = [];
    private readonly Dictionary<Form, int> openedInFence = [];
    private int? laterClosing;

    /// <summary>
    /// A closing marker that nothing has opened: the template did, in the prompt, and all before it is reasoning. An answer that only quotes one
    /// has it in code, in quotation marks, in brackets, as a word of a sentence or as the value of something. Where the question speaks
    /// of such markers, one behind a colon or an unfinished sentence is a quotation, too, unless the model is known to reason. In an answer
    /// whose reasoning has ended, the marker alone goes; one on a line of its own ends a second reasoning, which began where the first ended.
    /// </summary>
    private bool CloseAlone(Form closed, string raw, Standing standing)
    {
        if (WasSpokenOf(closed, standing))
            return false;
        var speaks = Speaks(closed);
        if (standing.InCode)
            return Leave(LeftFor.Code, !speaks && standing.OwnLine && reader.Sense.InBlock && openedInFence.GetValueOrDefault(closed) != reader.Sense.Fences, raw);
        if (!outlet.HasText)
        {
            if (speaks && standing.After == ' ')
                return false;
            AfterReasoning();
            return reasoningIsOver = true;
        }
        if (standing.Indented || (standing.BeginsLine && IsComponent(raw)))
            return false;
        if (standing.IsWord)
            return Leave(LeftFor.Sentence, hints.CanThink is true && !speaks && echo.Length == 0 && standing.After == ' ', raw);
        if (standing.Hangs && standing.Ink is ':' or '=' or ',')
            return false;
        if (reasoningIsOver)
            return CloseAgain(closed, standing, speaks);
        if (speaks && hints.CanThink is not true && (standing.BeginsLine ? standing.Ink == ':' : standing.Hangs))
            return Leave(LeftFor.Quotation, true, raw);
        if (!outlet.Holding)
            return true;
        if (standing.Hangs && hints.CanThink is not true)
            return Leave(LeftFor.More, true, raw);
        outlet.HeldWasReasoning();
        ForgetPlaces();
        reasoningIsOver = true;
        AfterReasoning();
        return true;
    }

    private bool CloseAgain(Form closed, Standing standing, bool speaks)
    {
        var again = (nested && closed == form) || (standing.OwnLine && !speaks);
        if (again && !hints.Live)
            laterClosing = outlet.Held.Length;
        return again || !speaks;
    }

    // The marker stays in the text, for now or for good.
    private bool Leave(LeftFor why, bool unsure, string raw)
    {
        Literally(raw);
        if (unsure && outlet.Holding && !reasoningIsOver)
            left.TryAdd(why, new LeftClosing(outlet.Held.Length - raw.Length, raw.Length, reader.Sense.Fences));
        return true;
    }

    private bool Inside(Form of)
    {
        if (reader.Sense.InBlock)
            openedInFence[of] = reader.Sense.Fences;
        return false;
    }

    // Where the reasoning ends in the text that was held back and the answer begins, as far as closing markers tell.
    private (int End, int Answer)? EndOfReasoning(string text)
    {
        if (laterClosing is { } later && text.AsSpan(later).Trim().Length > 0)
            return (later, later);
        if (reasoningIsOver)
            return null;
        foreach (var (why, closing) in left.OrderBy(l => l.Value.At))
        {
            var behind = closing.At + closing.Length;
            if (WasOne(why, closing, text.AsSpan(behind)))
                return (closing.At, behind);
        }
        return null;
    }

    private bool WasOne(LeftFor why, LeftClosing closing, ReadOnlySpan<char> behind)
    {
        var code = reader.Sense;
        return why switch
        {
            LeftFor.Code => (code.InBlock && code.Fences == closing.Fence) || code.BrokenFence == closing.Fence,
            LeftFor.More => behind.Trim().Length > 0,
            LeftFor.Sentence => behind.TrimStart() is [] or [>= 'A' and <= 'Z', ..],
            _ => behind.TrimStart(" \t\r") is ['\n', .. var next] && next.TrimStart(" \t\r") is ['\n', ..],
        };
    }
}
