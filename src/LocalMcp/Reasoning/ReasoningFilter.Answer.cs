using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>The text of the answer on its way out.</summary>
internal sealed partial class ReasoningFilter
{
    // A short reasoning may be what the answer says, too.
    private const int ShortestEcho = 40;

    private readonly StringBuilder echo = new();
    private string? echoed;
    private int echoAt;

    private void BeginAnswer()
    {
        var blankBefore = lead.ToString();
        if (echo.Length > 0)
        {
            AfterReasoning();
            echoed = echo.ToString().Trim() is { Length: >= ShortestEcho } reasoning ? reasoning : null;
            ReleaseUnlessWaiting();
        }
        lead.Clear();
        phase = Phase.Answer;
        foreach (var c in blankBefore)
            Answer(c);
    }

    private void Answer(char c)
    {
        if (skipBlankLines)
        {
            // Only whole blank lines go: the indentation of an answer that begins with code is its own.
            if (c == '\n')
                blank.Clear();
            else if (c is ' ' or '\t' or '\r')
                blank.Append(c);
            if (c is '\n' or ' ' or '\t' or '\r')
                return;
            skipBlankLines = false;
            outlet.Text(blank.ToString());
            blank.Clear();
            if (middle is not null)
            {
                outlet.Reasoning(middle);
                middle = null;
            }
        }
        if ((wrapper is not null && c is '\n' or '\r') || (unwrapped && char.IsWhiteSpace(c)))
        {
            tail.Append(c);
            return;
        }
        FlushTail();
        if (c == '\n' && quotedOpenings.Count > 0)
            quotedOpenings.Clear();
        outlet.Text(c);
        if (echoed is not null)
            CompareWithEcho(c);
        if (seekMonologue && outlet.Held.Length <= Monologue.LongestOpening && !Monologue.MayBegin(outlet.Held))
        {
            seekMonologue = false;
            ReleaseUnlessWaiting();
        }
    }

    private void FlushTail()
    {
        if (tail.Length > 0)
            outlet.Text(tail.ToString());
        tail.Clear();
    }

    // Some servers send the reasoning in its field, and once more before the answer.
    private void CompareWithEcho(char c)
    {
        if (echoAt == 0 && char.IsWhiteSpace(c))
            return;
        if (echoed![echoAt] != c)
        {
            echoed = null;
            ReleaseUnlessWaiting();
        }
        else if (++echoAt == echoed.Length)
        {
            echoed = null;
            Forget();
            AfterReasoning();
        }
    }

    private void Forget()
    {
        outlet.Forget();
        loneClosing = null;
    }

    private void ReleaseUnlessWaiting()
    {
        if (!hints.Hold && !seekMonologue && echoed is null && !nested)
            outlet.Release();
    }

    private void EndText(bool cut)
    {
        if (!unwrapped)
            outlet.Text(tail.ToString());
        if (middle is not null)
            outlet.Text(middle);
        if (aside is not null)
            EndAside(asText: !outlet.HasText);
        if (!outlet.Holding)
            return;
        var code = reader.Sense;
        if (loneClosing is { } closing && !begunByReasoning && (closing.Fences == 0 || (code.InFence && closing.Fences == code.Fences)))
            SplitHeld(closing);
        else if (seekMonologue && Monologue.Split(outlet.Held.ToString(), hints, cut) is var (reasoning, answer))
        {
            outlet.Forget();
            outlet.Reasoning(reasoning);
            outlet.Text(answer);
        }
        outlet.Release();
    }

    private void SplitHeld(LoneClosing closing)
    {
        var text = outlet.Held.ToString();
        outlet.Forget();
        outlet.Reasoning(text[..closing.At]);
        AfterReasoning();
        foreach (var c in text.AsSpan(closing.At + closing.Length))
            Answer(c);
    }
}
