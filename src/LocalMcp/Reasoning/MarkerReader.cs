using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>
/// Finds the markers in a text that comes in pieces, and tells where they stand. For one in a span of code or in a quotation it is waited whether
/// that is closed on its line. What is read does not depend on how the text was cut.
/// </summary>
/// <param name="onText">Takes a character of the text.</param>
/// <param name="onMarker">Takes a marker, as it was written and where it stands.</param>
internal sealed class MarkerReader(Action<char> onText, Action<Marker, string, Standing> onMarker)
{
    private readonly MarkerCandidate candidate = new();
    private readonly StringBuilder ahead = new();
    private CodeSense sense = new();
    private (Marker Marker, string Raw)? found;
    private bool foundInSpan;
    private bool lookingAhead;
    private int aheadRun;
    private char aheadBefore;
    private bool aheadEscaped;
    private bool aheadApostrophe;
    private int spanLeft;

    /// <summary>What is known of the text so far. Set to begin a text of its own, or to go back to where it was taken.</summary>
    public CodeSense Sense
    {
        get => sense;
        set => (sense, spanLeft) = (value, 0);
    }

    public void Take(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (found is not null && !lookingAhead)
                Settle(c, atEnd: false);
            if (lookingAhead)
                LookAhead(c);
            else if (spanLeft > 0 || candidate.Active)
                Next(c);
            else if (c == '<' && Forms.Spelled(text[i..]) is var (marker, raw))
            {
                // Whole and as models spell it: the same as letter by letter, in one step.
                sense.EndRun(c);
                (found, foundInSpan) = ((marker, raw), false);
                i += raw.Length - 1;
            }
            else if (!MarkerCandidate.Begins(c) || (i + 1 < text.Length && !MarkerCandidate.GoesOn(c, text[i + 1])))
                Plain(c);
            else
                Next(c);
        }
    }

    /// <summary>No more will come: what was waited for is decided.</summary>
    public void End()
    {
        while (candidate.Active || found is not null)
        {
            if (lookingAhead)
                EndLookingAhead(closed: sense.Span > 0 ? aheadRun == sense.Span : aheadApostrophe);
            else if (found is not null)
                Settle('\n', atEnd: true);
            else
                GiveUp();
        }
        sense.EndRun();
    }

    private void Next(char c)
    {
        if (spanLeft > 0)
            spanLeft--;
        if (candidate.Active)
        {
            if (candidate.Take(c, out var whole))
            {
                if (whole is not null)
                    (found, foundInSpan) = ((whole, candidate.Raw), spanLeft > 0);
                return;
            }
            GiveUp();
        }
        if (MarkerCandidate.Begins(c))
        {
            sense.EndRun(c);
            candidate.Begin(c);
        }
        else
            Plain(c);
    }

    // A marker has been read, and the character behind it is known.
    private void Settle(char after, bool atEnd)
    {
        if (foundInSpan || (sense.Span is not (1 or 2) && sense.Quote == 0))
            Deliver(after, foundInSpan);
        else if (atEnd)
            sense.NothingOpen();
        else
            (lookingAhead, aheadRun, aheadBefore, aheadEscaped, aheadApostrophe) = (true, 0, '>', false, false);
    }

    private void Deliver(char after, bool inSpan)
    {
        var (marker, raw) = found!.Value;
        found = null;
        var standing = sense.At(after, inSpan);
        // The filter may begin a new text with it; where it does not, the marker is a part of this one.
        sense.TakeMarker(raw[^1]);
        onMarker(marker, raw, standing);
    }

    // Behind a marker in an open span: is the span closed on this line?
    private void LookAhead(char c)
    {
        ahead.Append(c);
        var closed = sense.Span > 0 ? ClosesSpan(c) : ClosesQuote(c);
        if (closed || c == '\n')
            EndLookingAhead(closed);
    }

    private bool ClosesSpan(char c)
    {
        var closed = c != '`' && aheadRun == sense.Span;
        aheadRun = c == '`' ? aheadRun + 1 : 0;
        return closed;
    }

    // As in CodeSense: an escaped mark closes nothing, nor does an apostrophe.
    private bool ClosesQuote(char c)
    {
        var closed = (aheadApostrophe && !char.IsLetterOrDigit(c)) || (sense.Closes(c) && !aheadEscaped && !(c == '\'' && char.IsLetterOrDigit(aheadBefore)));
        aheadApostrophe = c == '\'' && sense.Quote == c && !aheadEscaped && char.IsLetterOrDigit(aheadBefore);
        aheadEscaped = c == '\\' && !aheadEscaped;
        aheadBefore = c;
        return closed;
    }

    private void EndLookingAhead(bool closed)
    {
        var text = ahead.ToString();
        ahead.Clear();
        lookingAhead = false;
        if (closed)
        {
            spanLeft = text.Length;
            Deliver(text.Length > 0 ? text[0] : '\n', inSpan: true);
        }
        else
            sense.NothingOpen();
        Take(text);
    }

    private void GiveUp()
    {
        candidate.Abandon();
        if (candidate.Length == 1)
            Plain(candidate.First);
        else
            Literally(candidate.Raw);
    }

    private void Literally(string text)
    {
        foreach (var c in text)
            Plain(c);
    }

    private void Plain(char c)
    {
        sense.Take(c);
        onText(c);
    }
}
