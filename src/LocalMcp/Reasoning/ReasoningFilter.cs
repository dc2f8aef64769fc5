using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Chat;

namespace LocalMcp.Reasoning;

/// <summary>
/// Takes reasoning out of the text of an answer, whatever form it has and whatever pieces it arrives in: a pure state machine, whose result does
/// not depend on how the text was cut. Each character is read once; text that is held back for a decision is read once more when the decision
/// falls the other way, and each kind of decision falls so once at most.
/// </summary>
internal sealed partial class ReasoningFilter
{
    private enum Phase
    {
        /// <summary>Nothing but blank space has come.</summary>
        Start,
        Answer,
        Reasoning,

        /// <summary>In a header of harmony.</summary>
        Header,

        /// <summary>Behind a text of harmony, where a role may stand.</summary>
        Between,
    }

    /// <summary>How far an opening marker that is a word of the answer makes its closing one a word, too.</summary>
    private enum Reach
    {
        /// <summary>To the end of the line, if that looks like a word.</summary>
        Word,

        /// <summary>To the end of the line.</summary>
        Line,

        /// <summary>As far as it takes.</summary>
        Text,
    }

    private readonly ReasoningHints hints;
    private readonly MarkerReader reader;
    private readonly Outlet outlet = new();
    private readonly StringBuilder lead = new();
    private readonly StringBuilder blank = new();
    private readonly HashSet<Form> unpaired = [];
    private readonly Dictionary<Form, Reach> spoken = [];
    private readonly HashSet<Form> foreign = [];
    private Phase phase;
    private Form form = Forms.Harmony;
    private CodeSense answerSense;
    private Doubt? doubt;
    private int depth;
    private int blocks;
    private bool thought;
    private bool reasoningIsOver;
    private bool skipBlankLines;
    private bool seekMonologue = true;
    private bool trustCode = true;
    private bool nested;

    public ReasoningFilter(ReasoningHints hints)
    {
        this.hints = hints;
        reader = new MarkerReader(OnText, OnMarker);
        outlet.Hold();
    }

    /// <summary>A marker whose meaning only what follows will tell, and all that has followed so far.</summary>
    private sealed record Doubt(Marker Marker, string Raw, Standing Standing, CodeSense Sense)
    {
        public StringBuilder Seen { get; } = new();
    }

    /// <summary>
    /// The filter as a step of the road. Everything but text passes. What is held back when the stream fails comes out before the failure
    /// goes on, so that a broken answer keeps its text.
    /// </summary>
    public static async IAsyncEnumerable<ChatDelta> Apply(IAsyncEnumerable<ChatDelta> stream, ReasoningHints hints, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new ReasoningFilter(hints);
        ExceptionDispatchInfo? failure = null;
        await using var deltas = stream.GetAsyncEnumerator(cancellationToken);
        while (failure is null)
        {
            try
            {
                if (!await deltas.MoveNextAsync())
                    break;
            }
            catch (BackendException failed)
            {
                failure = ExceptionDispatchInfo.Capture(failed);
            }
            foreach (var piece in failure is null ? filter.Pass(deltas.Current) : filter.End(cut: true))
                yield return piece;
        }
        failure?.Throw();
    }

    /// <summary>What is certain after this piece.</summary>
    public List<ChatDelta> Take(string text)
    {
        reader.Take(text);
        return outlet.Drain(last: false);
    }

    /// <summary>The backend has told this reasoning apart by itself.</summary>
    public void Separated(string reasoning) => echo.Append(reasoning);

    /// <summary>What was still held back, when nothing more will come.</summary>
    /// <param name="cut">Whether the answer was cut off. Then a reasoning that has not ended is one; in a whole answer it may be a word about it.</param>
    public List<ChatDelta> End(bool cut)
    {
        reader.End();
        while (doubt is not null)
        {
            Decide(cut);
            reader.End();
        }
        EndPhase();
        EndText(cut);
        return outlet.Drain(last: true);
    }

    private List<ChatDelta> Pass(ChatDelta delta)
    {
        if (delta is ChatDelta.Reasoning separated)
            Separated(separated.Value);
        return delta switch
        {
            ChatDelta.Text text => Take(text.Value) is { Count: > 0 } certain ? certain : [new ChatDelta.Held()],
            ChatDelta.Finish finish => [.. End(cut: finish.Reason != FinishReason.Stop), delta],
            _ => [delta],
        };
    }

    private void OnText(char c)
    {
        if (doubt is not null)
        {
            doubt.Seen.Append(c);
            return;
        }
        switch (phase)
        {
            case Phase.Start when char.IsWhiteSpace(c) || CodeSense.IsInvisible(c):
                lead.Append(c);
                break;
            case Phase.Start:
                BeginAnswer();
                Answer(c);
                break;
            case Phase.Answer:
                Answer(c);
                break;
            case Phase.Reasoning:
                Think(c);
                break;
            case Phase.Header:
                TakeHeader(c);
                break;
            case Phase.Between:
                TakeBetween(c);
                break;
        }
    }

    private void OnMarker(Marker marker, string raw, Standing standing)
    {
        if (doubt is not null && !Decides(marker, standing))
        {
            doubt.Seen.Append(raw);
            return;
        }
        switch (phase)
        {
            case Phase.Reasoning:
                InReasoning(marker, raw, standing);
                break;
            case Phase.Header or Phase.Between when InHeader(marker, raw):
                break;
            default:
                if (!InAnswer(marker, raw, standing))
                    Literally(raw);
                break;
        }
    }

    // Whether the marker is one here; else it is text.
    private bool InAnswer(Marker marker, string raw, Standing standing) => marker.Role switch
    {
        MarkerRole.Opening => Open(marker, raw, standing),
        MarkerRole.Closing => CloseAlone(marker.Form, raw, standing),
        MarkerRole.Empty => !standing.InCode && SkipEmpty(),
        MarkerRole.AnswerOpening => Unwrap(marker.Form, raw, standing),
        MarkerRole.AnswerClosing => EndWrapper(marker.Form, raw, standing),
        _ => !standing.InCode && !(outlet.HasText && (standing.IsWord || (!reasoningIsOver && hints.Speaks(Forms.Harmony)))) && HeaderInAnswer(marker.Role),
    };

    /// <summary>
    /// An opening marker. Before any text it opens reasoning, unless the question asks for an element of that name. Further on it may be one of
    /// several blocks, or what the answer speaks of. At the beginning of a line it is a block; in the middle of one it is when it is
    /// closed. In an answer that is XML itself it is an element. When the question speaks of such markers, it is what the answer
    /// speaks of, unless the model is known to reason and the marker begins a line.
    /// </summary>
    private bool Open(Marker marker, string raw, Standing standing)
    {
        var (of, speaks) = (marker.Form, hints.Speaks(marker.Form));
        if (standing.InCode || (raw[0] == '[' && standing.After == '('))
            return Inside(of);
        if (!outlet.HasText)
            return OpenAtStart(marker, raw, standing, speaks);
        if (standing.IsWord)
            return Spoken(of, Reach.Word);
        if (standing.Indented || standing.Before == '\'' || unpaired.Contains(of))
            return Spoken(of, Reach.Line);
        if (!of.Token && (IsComponent(raw) || outlet.First == '<' || (standing.BeginsLine && standing.Ink == '>')))
            return Spoken(of, Reach.Text);
        if (speaks && (of.Token ? !standing.BeginsLine : hints.CanThink is not true || !standing.BeginsLine))
            return Spoken(of, Reach.Text);
        if (of.Token ? raw[0] == '<' || raw[0] == '◁' : standing.BeginsLine && (standing.EndsLine || blocks > 0 || standing.After != ' '))
            Begin(of, standing);
        else
            doubt = new Doubt(marker, raw, standing, reader.Sense);
        return true;
    }

    private bool OpenAtStart(Marker marker, string raw, Standing standing, bool speaks)
    {
        if (speaks && marker.Form.Everyday)
            return Spoken(marker.Form, Reach.Text);
        if (unpaired.Contains(marker.Form))
            return false;
        if (standing.EndsWord && (marker.Form.Token ? raw[0] == '[' : speaks || marker.Form.Everyday))
            doubt = new Doubt(marker, raw, standing, reader.Sense);
        else
            Begin(marker.Form, standing);
        return true;
    }

    // Elements of programs have a capital: <Reasoning> is a component, <REASONING> and <reasoning> are not.
    private static bool IsComponent(string raw) => raw.TrimStart('<', '/') is [var first, var second, ..] && char.IsUpper(first) && char.IsLower(second);

    private bool SkipEmpty()
    {
        if (!outlet.HasText)
            AfterReasoning();
        return !outlet.HasText;
    }

    // Its closing marker is a word, too, where the opening one reaches.
    private bool Spoken(Form of, Reach reach)
    {
        spoken[of] = reach;
        return false;
    }

    private bool WasSpokenOf(Form of, Standing standing) => spoken.Remove(of, out var reach) && (reach != Reach.Word || !standing.BeginsAnswer);

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
        foreach (var c in raw)
            Think(c, counts: false);
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

    // Whether this marker ends the doubt.
    private bool Decides(Marker marker, Standing standing)
    {
        if (phase == Phase.Reasoning)
        {
            if (!Ends(marker) || !IsSure(marker, standing))
                return false;
            Think(doubt!.Raw + doubt.Seen);
            doubt = null;
            return true;
        }
        if (marker.Form != doubt!.Marker.Form || marker.Role != MarkerRole.Closing || standing.InCode || standing.IsWord || standing.Hangs)
            return false;
        var opened = doubt;
        if (!outlet.HasText && hints.Speaks(marker.Form) && standing.After == ' ')
            return false;
        doubt = null;
        var seen = opened.Seen.ToString();
        if ((!opened.Standing.BeginsLine || !outlet.HasText) && !seen.Any(char.IsLetterOrDigit))
        {
            // Between the two is nothing, or "…": a pair that is spoken of.
            Spoken(opened.Marker.Form, Reach.Line);
            Literally(opened.Raw + seen);
            return true;
        }
        Begin(opened.Marker.Form, opened.Standing, opened.Sense);
        Think(seen);
        return true;
    }

    // Nothing has ended the doubt.
    private void Decide(bool cut)
    {
        var undecided = doubt!;
        doubt = null;
        if (phase == Phase.Reasoning)
        {
            trustCode = false;
            InReasoning(undecided.Marker with { Form = form }, undecided.Raw, undecided.Standing);
        }
        else if (cut && undecided.Standing.BeginsLine)
            Begin(undecided.Marker.Form, undecided.Standing, undecided.Sense);
        else
        {
            unpaired.Add(undecided.Marker.Form);
            reader.Sense = undecided.Sense;
            Spoken(undecided.Marker.Form, Reach.Line);
            Literally(undecided.Raw);
        }
        reader.Take(undecided.Seen.ToString());
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

    private void Think(char c, bool counts = true)
    {
        thought |= counts && !char.IsWhiteSpace(c);
        if (c == '\n' && spoken.Count > 0)
            EndSpokenLine();
        outlet.Reasoning(c);
    }

    private void Literally(string raw)
    {
        foreach (var c in raw)
            OnText(c);
    }
}
