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

    private readonly ReasoningHints hints;
    private readonly MarkerReader reader;
    private readonly Outlet outlet = new();
    private readonly StringBuilder lead = new();
    private readonly StringBuilder blank = new();
    private readonly StringBuilder tail = new();
    private readonly HashSet<Form> unpaired = [];
    private readonly HashSet<Form> quotedOpenings = [];
    private Phase phase;
    private Form form = Forms.Harmony;
    private CodeSense answerSense;
    private Doubt? doubt;
    private LoneClosing? loneClosing;
    private string? middle;
    private Form? wrapper;
    private bool unwrapped;
    private int depth;
    private int blocks;
    private bool thought;
    private bool begunByReasoning;
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

    /// <summary>A closing marker that stays in the text, unless that turns out to have ended in the code in which it stands.</summary>
    private sealed record LoneClosing(int At, int Length, int Fences);

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
    public void Separated(string reasoning)
    {
        if (phase == Phase.Start)
            echo.Append(reasoning);
    }

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
        MarkerRole.AnswerOpening => Unwrap(marker.Form, standing),
        MarkerRole.AnswerClosing => EndWrapper(marker.Form, standing),
        _ => !standing.InCode && !(outlet.HasText && standing.Mentioned) && HeaderInAnswer(marker.Role),
    };

    /// <summary>
    /// An opening marker. Before any text it opens reasoning. Further on it may be one of several blocks, or what the answer speaks of: at the
    /// beginning of a line, or behind a first block, it is a block; in the middle of a line it is one when it is closed, unless the
    /// question speaks of such markers.
    /// </summary>
    private bool Open(Marker marker, string raw, Standing standing)
    {
        var speaks = blocks == 0 && hints.Speaks(marker.Form);
        if (standing.InCode)
            return false;
        if (!outlet.HasText)
        {
            if (speaks && standing.After == ' ' && !marker.Form.Token && !unpaired.Contains(marker.Form))
                doubt = new Doubt(marker, raw, standing, reader.Sense);
            else if (!unpaired.Contains(marker.Form))
                Begin(marker.Form, standing);
            return !unpaired.Contains(marker.Form);
        }
        if (standing.Mentioned)
            return false;
        if (standing.Indented || standing.Before == '\'' || unpaired.Contains(marker.Form))
            return Quoted(marker.Form);
        if (marker.Form.Token)
            Begin(marker.Form, standing);
        else if (speaks && (!standing.BeginsLine || standing.Ink == ':'))
            return Quoted(marker.Form);
        else if (standing.BeginsLine && (standing.EndsLine || blocks > 0 || (!speaks && standing.After != ' ')))
            Begin(marker.Form, standing);
        else
            doubt = new Doubt(marker, raw, standing, reader.Sense);
        return true;
    }

    private bool SkipEmpty()
    {
        if (!outlet.HasText)
            AfterReasoning();
        return !outlet.HasText;
    }

    // Its closing marker on the same line is a word, too.
    private bool Quoted(Form quoted)
    {
        quotedOpenings.Add(quoted);
        return false;
    }

    /// <summary>
    /// A closing marker that nothing has opened: the template did, in the prompt, and all before it is reasoning. An answer that only quotes one
    /// has it in code, in quotation marks, in brackets or as a word of a sentence. Where the question speaks of such markers, a colon
    /// before it, or a sentence that ends with it, is a quotation too, unless the model is known to reason. In an answer whose
    /// reasoning has ended already, the marker alone goes.
    /// </summary>
    private bool CloseAlone(Form closed, string raw, Standing standing)
    {
        if (quotedOpenings.Remove(closed))
            return false;
        if (standing.InCode || standing.Mentioned)
        {
            if (outlet.Holding && (standing.InCode ? reader.Sense.InFence : hints.CanThink is true) && !hints.Speaks(closed))
                loneClosing ??= new LoneClosing(outlet.Held.Length + lead.Length + blank.Length + tail.Length, raw.Length, standing.InCode ? reader.Sense.Fences : 0);
            return false;
        }
        if ((standing.Indented && outlet.HasText) || (standing.Before == '\'' && standing.After == '\''))
            return false;
        if (hints.CanThink is not true && !begunByReasoning && hints.Speaks(closed) && IsQuotedInSentence(standing))
            return false;
        FlushTail();
        if (nested && closed == form)
            (nested, middle) = (false, outlet.TakeHeld());
        else if (outlet.Holding && !begunByReasoning)
            outlet.HeldWasReasoning();
        else if (outlet.HasText)
            return true;
        AfterReasoning();
        begunByReasoning = true;
        return true;
    }

    private static bool IsQuotedInSentence(Standing standing) =>
        standing.BeginsLine ? standing.Ink == ':' : char.IsWhiteSpace(standing.Before) && !standing.EndsSentence;

    // What some models wrap their answer in goes when it follows the reasoning, unless the question asks for it.
    private bool Unwrap(Form wrapping, Standing standing)
    {
        if (standing.InCode || (!wrapping.Token && (outlet.HasText || (blocks == 0 && echo.Length == 0 && !begunByReasoning) || hints.Speaks(wrapping))))
            return false;
        wrapper = wrapping;
        if (!outlet.HasText)
            AfterReasoning();
        return true;
    }

    private bool EndWrapper(Form wrapping, Standing standing)
    {
        if (standing.InCode || (wrapper != wrapping && !wrapping.Token))
            return false;
        tail.Clear();
        (unwrapped, wrapper) = (wrapper is not null, null);
        return true;
    }

    private void InReasoning(Marker marker, string raw, Standing standing)
    {
        if (Ends(marker))
        {
            if (IsSure(standing))
            {
                EndReasoning();
                if (marker.Role != MarkerRole.Closing)
                    OnMarker(marker, raw, standing with { InCode = false, Indent = 0 });
            }
            else
                doubt = new Doubt(marker, raw, standing, reader.Sense);
            return;
        }
        // One that repeats the first at once says nothing new.
        if (marker.Role == MarkerRole.Opening && marker.Form == form && thought && !standing.InCode && !standing.Mentioned)
            depth++;
        foreach (var c in raw)
            Think(c, counts: false);
    }

    private bool Ends(Marker marker) => marker.Form == form &&
        (form == Forms.Harmony ? marker.Role is MarkerRole.Over or MarkerRole.Header : marker.Role is MarkerRole.Closing or MarkerRole.AnswerOpening);

    // A marker in code, or as a word of a sentence, ends the reasoning only if no other one does.
    private bool IsSure(Standing standing) => !trustCode || (!standing.InCode && !standing.Mentioned);

    // Whether this marker ends the doubt.
    private bool Decides(Marker marker, Standing standing)
    {
        if (phase == Phase.Reasoning)
        {
            if (!Ends(marker) || !IsSure(standing))
                return false;
            Think(doubt!.Raw + doubt.Seen);
            doubt = null;
            return true;
        }
        if (marker.Form != doubt!.Marker.Form || marker.Role != MarkerRole.Closing || standing.InCode || standing.Mentioned)
            return false;
        var opened = doubt;
        doubt = null;
        Begin(opened.Marker.Form, opened.Standing, opened.Sense);
        Think(opened.Seen.ToString());
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
            InReasoning(undecided.Marker, undecided.Raw, undecided.Standing);
        }
        else if (cut && undecided.Standing.BeginsLine)
            Begin(undecided.Marker.Form, undecided.Standing, undecided.Sense);
        else
        {
            unpaired.Add(undecided.Marker.Form);
            reader.Sense = undecided.Sense;
            Literally(undecided.Raw);
        }
        reader.Take(undecided.Seen.ToString());
    }

    // Where the marker begins a line, so does what follows the reasoning.
    private void Begin(Form begun, Standing standing, CodeSense? before = null)
    {
        (phase, form, depth, thought) = (Phase.Reasoning, begun, 0, false);
        begunByReasoning |= !outlet.HasText;
        seekMonologue &= outlet.HasText;
        lead.Clear();
        blank.Clear();
        answerSense = before ?? reader.Sense;
        if (standing.BeginsLine)
            answerSense.BeginLine();
        reader.Sense = new CodeSense();
    }

    private void EndReasoning()
    {
        blocks++;
        reader.Sense = outlet.HasText ? answerSense : new CodeSense();
        if (outlet.HasText)
            phase = Phase.Answer;
        else
            AfterReasoning();
        if (!begunByReasoning)
            return;
        outlet.Release();
        // An opening marker within may have been a word of the reasoning, or a block in a block that is not over yet.
        nested = depth > 0;
        if (nested)
            outlet.Hold();
    }

    private void AfterReasoning()
    {
        phase = Phase.Answer;
        lead.Clear();
        blank.Clear();
        (skipBlankLines, seekMonologue) = (true, false);
    }

    private void Think(string text)
    {
        foreach (var c in text)
            Think(c);
    }

    private void Think(char c, bool counts = true)
    {
        thought |= counts && !char.IsWhiteSpace(c);
        if (aside is not null)
            aside.Append(c);
        else
            outlet.Reasoning(c);
    }

    private void Literally(string raw)
    {
        foreach (var c in raw)
            OnText(c);
    }
}
