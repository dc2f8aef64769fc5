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
    private readonly Dictionary<Form, bool> spokenOf = [];
    private Phase phase;
    private int blocks;
    private bool reasoningIsOver;
    private bool skipBlankLines;
    private bool seekMonologue = true;

    public ReasoningFilter(ReasoningHints hints)
    {
        this.hints = hints;
        reader = new MarkerReader(OnText, OnMarker);
        outlet.Hold();
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
        if (doubt is not null && !(phase == Phase.Reasoning ? EndsDoubt(marker, raw, standing) : PairsUp(marker, raw, standing)))
            return;
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
        _ => !standing.InCode && !(outlet.HasText && (standing.IsWord || (!reasoningIsOver && Speaks(Forms.Harmony)))) && HeaderInAnswer(marker.Role),
    };

    // A question can be long, and the markers in an answer many.
    private bool Speaks(Form of)
    {
        if (!spokenOf.TryGetValue(of, out var speaks))
            spokenOf[of] = speaks = hints.Speaks(of);
        return speaks;
    }

    private void Literally(string raw)
    {
        foreach (var c in raw)
            OnText(c);
    }
}
