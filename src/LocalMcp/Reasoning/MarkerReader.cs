using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>
/// Finds the markers in a text that comes in pieces, and tells where they stand. One in a span of code or in a quotation is text; whether such
/// a span is closed on its line is waited for. What is read does not depend on how the text was cut.
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
    private int spanLeft;

    /// <summary>What is known of the text so far. Set to begin a text of its own, or to go back to where it was taken.</summary>
    public CodeSense Sense
    {
        get => sense;
        set => sense = value;
    }

    public void Take(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (lookingAhead)
                LookAhead(c);
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
                EndLookingAhead(closed: sense.Span > 0 && aheadRun == sense.Span);
            else if (found is not null)
                Settle('\n', atEnd: true);
            else
                GiveUp();
        }
        sense.EndRun();
    }

    private void Next(char c)
    {
        if (found is not null)
        {
            Settle(c, atEnd: false);
            if (lookingAhead)
            {
                LookAhead(c);
                return;
            }
        }
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
            sense.EndRun();
            candidate.Begin(c);
        }
        else
            Plain(c);
    }

    // A marker has been read, and the character behind it is known.
    private void Settle(char after, bool atEnd)
    {
        var (marker, raw) = found!.Value;
        if (foundInSpan)
        {
            found = null;
            Literally(raw);
        }
        else if (sense.Span is 1 or 2 || sense.Quote != 0)
        {
            if (atEnd)
                sense.NothingOpen();
            else
                (lookingAhead, aheadRun) = (true, 0);
        }
        else
        {
            found = null;
            var standing = sense.At(after);
            // The filter may begin a new text with it; where it does not, the marker is a part of this one.
            foreach (var c in raw)
                sense.Take(c);
            onMarker(marker, raw, standing);
        }
    }

    // Behind a marker in an open span: is the span closed on this line?
    private void LookAhead(char c)
    {
        ahead.Append(c);
        if (sense.Span > 0)
        {
            var closed = c != '`' && aheadRun == sense.Span;
            aheadRun = c == '`' ? aheadRun + 1 : 0;
            if (closed || c == '\n')
                EndLookingAhead(closed);
        }
        else if (sense.Closes(c) || c == '\n')
            EndLookingAhead(sense.Closes(c));
    }

    private void EndLookingAhead(bool closed)
    {
        var text = ahead.ToString();
        ahead.Clear();
        lookingAhead = false;
        if (closed)
        {
            var raw = found!.Value.Raw;
            found = null;
            Literally(raw);
            spanLeft = text.Length;
        }
        else
            sense.NothingOpen();
        Take(text);
    }

    private void GiveUp()
    {
        candidate.Abandon();
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
