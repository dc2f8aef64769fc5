using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>The text of the answer on its way out.</summary>
internal sealed partial class ReasoningFilter
{
    // A short reasoning may be what the answer says, too.
    private const int ShortestEcho = 32;

    /// <summary>A tag around the answer, where it stood in the text that is held back; and the one that closes it.</summary>
    private sealed record Wrapper(Form Form, string Raw, int At)
    {
        public (string Raw, int At)? Closing { get; init; }
    }

    private readonly StringBuilder echo = new();
    private bool echoing;
    private int echoAt;
    private Wrapper? wrapper;

    private void BeginAnswer()
    {
        var blankBefore = lead.ToString();
        phase = Phase.Answer;
        if (echo.Length > 0)
        {
            echoing = true;
            AfterReasoning();
        }
        lead.Clear();
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
        }
        if (c == '\n' && spoken.Count > 0)
            EndSpokenLine();
        outlet.Text(c);
        if (echoing && hints.Live)
            CompareWithEcho(c);
        if (seekMonologue && outlet.Held.Length <= Monologue.LongestOpening && !Monologue.MayBegin(outlet.Held))
        {
            seekMonologue = false;
            ReleaseIfLive();
        }
    }

    // The text that was held back has gone, and with it the places in it.
    private void ForgetPlaces()
    {
        left.Clear();
        (laterClosing, wrapper) = (null, null);
    }

    private void EndSpokenLine()
    {
        foreach (var of in spoken.Where(s => s.Value != Reach.Text).Select(s => s.Key).ToList())
            spoken.Remove(of);
    }

    // Somebody reads along: the text waits for as long as it repeats what came in the field for reasoning.
    private void CompareWithEcho(char c)
    {
        if (echoAt == 0 && char.IsWhiteSpace(c))
            return;
        var start = 0;
        while (start < echo.Length && char.IsWhiteSpace(echo[start]))
            start++;
        if (start + echoAt < echo.Length && echo[start + echoAt] == c)
        {
            echoAt++;
            return;
        }
        echoing = false;
        var answer = WithoutEcho(outlet.Held.ToString(), cut: false);
        outlet.Forget();
        ForgetPlaces();
        outlet.Text(answer);
        ReleaseIfLive();
    }

    private void ReleaseIfLive()
    {
        if (hints.Live && !seekMonologue && !echoing && wrapper is null && (reasoningIsOver || !hints.Waits || echo.Length > 0))
            outlet.Release();
    }

    /// <summary>What some models wrap their answer in goes when it follows the reasoning, unless the question asks for it.</summary>
    private bool Unwrap(Form wrapping, string raw, Standing standing)
    {
        if (standing.InCode)
            return false;
        if (wrapping.Token)
        {
            if (outlet is { HasText: true, Holding: true } && !reasoningIsOver && wrapping.EndsAtAnswer)
            {
                // The template opened the reasoning, and nothing closed it.
                outlet.HeldWasReasoning();
                ForgetPlaces();
                reasoningIsOver = true;
            }
            if (!outlet.HasText)
                AfterReasoning();
            return true;
        }
        var follows = !outlet.HasText && (blocks > 0 || echo.Length > 0 || reasoningIsOver);
        if (!follows || wrapper is not null || raw.Contains('=', StringComparison.Ordinal) || Speaks(wrapping))
            return false;
        AfterReasoning();
        skipBlankLines = false;
        wrapper = new Wrapper(wrapping, raw, outlet.Held.Length);
        outlet.Hold();
        return true;
    }

    private bool EndWrapper(Form wrapping, string raw, Standing standing)
    {
        if (standing.InCode || wrapping.Token)
            return !standing.InCode;
        if (wrapper?.Form != wrapping || wrapper.Closing is not null)
            return false;
        wrapper = wrapper with { Closing = (raw, outlet.Held.Length) };
        return true;
    }

    private void EndText(bool cut)
    {
        if (!outlet.Holding)
            return;
        var text = outlet.Held.ToString();
        outlet.Forget();
        if (EndOfReasoning(text) is var (end, begin))
        {
            outlet.Reasoning(text[..end]);
            text = Monologue.WithoutBlankLines(text[begin..]);
        }
        else if (wrapper is not null)
            text = Unwrapped(text, cut);
        else if (seekMonologue && text.AsSpan().Trim().Length > 0 && Monologue.Split(text, hints, cut) is var (reasoning, answer))
        {
            outlet.Reasoning(reasoning);
            text = answer;
        }
        outlet.Release(WithoutEndOfTurn(WithoutEcho(text, cut)));
    }

    private string Unwrapped(string text, bool cut)
    {
        var (open, closing) = (wrapper!.At, wrapper.Closing?.At ?? text.Length);
        var (before, inner, rest) = (text[..open], text[open..closing], text[closing..]);
        if (wrapper.Closing is not { } closed)
            return cut || inner.Trim().Length == 0 ? before + Monologue.WithoutBlankLines(inner) : before + wrapper.Raw + inner;
        // XML that was asked for has elements within, or more than one of its kind.
        var isAnswer = !inner.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal) && !rest.Contains($"<{wrapper.Form.Name}", StringComparison.OrdinalIgnoreCase);
        return isAnswer
            ? before + Monologue.WithoutBlankLines(inner).TrimEnd('\r', '\n') + (rest.Trim().Length > 0 ? rest : "")
            : before + wrapper.Raw + inner + closed.Raw + rest;
    }

    // Some servers send the reasoning in its field, and once more before the answer.
    private string WithoutEcho(string text, bool cut)
    {
        var (reasoning, start) = (echo.ToString().Trim(), text.TrimStart());
        // The same text in both, and no more: cut off, it is the reasoning; whole, it can only be the answer.
        if (reasoning.Length > 0 && start.TrimEnd() == reasoning)
            return cut ? "" : text;
        if (reasoning.Length >= ShortestEcho && start.StartsWith(reasoning, StringComparison.Ordinal))
            return Monologue.WithoutBlankLines(start[reasoning.Length..]);
        return cut && start.Length >= ShortestEcho && reasoning.StartsWith(start.TrimEnd(), StringComparison.Ordinal) ? "" : text;
    }

    private static string WithoutEndOfTurn(string text)
    {
        var rest = text.AsSpan();
        while (EndOfTurn(rest.TrimEnd()) is > 0 and var length)
            rest = rest.TrimEnd()[..^length];
        return rest.Length == text.Length ? text : rest.ToString();
    }

    // The length of the token that the text ends with, or 0.
    private static int EndOfTurn(ReadOnlySpan<char> text)
    {
        foreach (var token in Forms.EndsOfTurn)
        {
            if (text.EndsWith(token, StringComparison.Ordinal))
                return token.Length;
        }
        return 0;
    }
}
