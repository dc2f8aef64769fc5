namespace LocalMcp.Reasoning;

/// <summary>Inside the reasoning: what it is made of, and what ends it.</summary>
internal sealed partial class ReasoningFilter
{
    private readonly HashSet<Form> foreign = [];
    private Form form = Forms.Harmony;
    private CodeSense answerSense;
    private int depth;
    private bool thought;
    private bool nested;
    private bool trustCode = true;

    private void InReasoning(Marker marker, string raw, Standing standing)
    {
        if (Ends(marker))
        {
            if (IsSure(marker, standing) && (!trustCode || !WasSpokenOf(form, standing)))
            {
                EndReasoning();
                if (marker.Role != MarkerRole.Closing)
                    OnMarker(marker, raw, standing with { InCode = false, Indent = 0 });
            }
            else
                doubt = new Doubt(marker, raw, standing, reader.Sense);
            return;
        }
        if (marker.Role == MarkerRole.Opening && !standing.InCode)
            OpenWithin(marker.Form, standing);
        outlet.Reasoning(raw);
    }

    // One that repeats the first at once says nothing new.
    private void OpenWithin(Form within, Standing standing)
    {
        if (within != form)
            foreign.Add(within);
        else if (standing.IsWord)
            Spoken(within, Reach.Word);
        else if (thought)
            depth++;
    }

    /// <summary>
    /// Whether a marker may end the reasoning: its own closing one, the one that opens the answer, or, where no other does, the closing tag of
    /// another name, for models that mix theirs up.
    /// </summary>
    private bool Ends(Marker marker) => marker.Form == form
        ? form == Forms.Harmony ? marker.Role is MarkerRole.Over or MarkerRole.Header : marker.Role is MarkerRole.Closing or MarkerRole.AnswerOpening
        : marker.Role == MarkerRole.Closing && !form.Token && !marker.Form.Token && !foreign.Remove(marker.Form);

    // A marker in code, or as a word of a sentence, ends the reasoning only if no other one does. Of two tokens in a row the first is sure, and so
    // is a header of harmony in a block of code that was left open.
    private bool IsSure(Marker marker, Standing standing)
    {
        if (!trustCode)
            return true;
        if (marker.Form != form)
            return false;
        if (form.Token && (standing.After == '<' || (marker.Role == MarkerRole.Header && !standing.InSpan)))
            return true;
        return !standing.InCode && (form.Token || !standing.IsWord);
    }

    // Where the marker begins a line, so does what follows the reasoning.
    private void Begin(Form begun, Standing standing, CodeSense? sense = null)
    {
        (phase, form, depth, thought) = (Phase.Reasoning, begun, 0, false);
        reasoningIsOver |= !outlet.HasText;
        seekMonologue &= outlet.HasText;
        spoken.Clear();
        foreign.Clear();
        lead.Clear();
        blank.Clear();
        answerSense = sense ?? reader.Sense;
        if (standing.BeginsLine)
            answerSense.BeginLine();
        reader.Sense = new CodeSense();
    }

    private void EndReasoning()
    {
        blocks++;
        spoken.Clear();
        // An opening marker within may have been a word of the reasoning, or a block in a block that is not over yet.
        nested = reasoningIsOver && depth > 0;
        if (outlet.HasText)
        {
            (phase, reader.Sense) = (Phase.Answer, answerSense);
            skipBlankLines = outlet.EndsWithBlankLine;
        }
        else
        {
            reader.Sense = new CodeSense();
            AfterReasoning();
        }
    }

    private void AfterReasoning()
    {
        phase = Phase.Answer;
        lead.Clear();
        blank.Clear();
        (skipBlankLines, seekMonologue) = (true, false);
        ReleaseIfLive();
    }

    private void Think(string text)
    {
        foreach (var c in text)
            Think(c);
    }

    private void Think(char c)
    {
        thought |= !char.IsWhiteSpace(c);
        if (c == '\n' && spoken.Count > 0)
            EndSpokenLine();
        outlet.Reasoning(c);
    }
}
