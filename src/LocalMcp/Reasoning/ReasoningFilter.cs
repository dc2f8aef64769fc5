using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Chat;

namespace LocalMcp.Reasoning;

/// <summary>
/// Takes reasoning out of the text of an answer, whatever pieces it arrives in: one block or several at its beginning, closed or
/// not, and a block that the template opened and only the answer closes. Tags further on are the answer's own.
/// </summary>
/// <param name="hold">
/// Whether to hold the answer back until its end, so that a lone closing tag still turns what stands before it into reasoning.
/// Without it the text goes on at once, and such a tag stays.
/// </param>
internal sealed class ReasoningFilter(bool hold)
{
    private enum Place
    {
        /// <summary>Before the answer: a block may open here.</summary>
        Before,
        Inside,
        Answer,
    }

    private static readonly (string Opening, string Closing)[] Forms =
    [
        ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("<reasoning>", "</reasoning>"),
        ("<seed:think>", "</seed:think>"), ("[THINK]", "[/THINK]"),
    ];

    private readonly StringBuilder pending = new();
    private Place place;
    private string closing = "";
    private bool reasoned;

    /// <summary>
    /// The filter as a step of the road. Everything but text passes. What is held back when the stream fails comes out before the failure
    /// goes on, so that a broken answer keeps its text.
    /// </summary>
    public static async IAsyncEnumerable<ChatDelta> Apply(IAsyncEnumerable<ChatDelta> stream, bool hold, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new ReasoningFilter(hold);
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
            foreach (var piece in failure is null ? filter.Pass(deltas.Current) : filter.End())
                yield return piece;
        }
        failure?.Throw();
    }

    private List<ChatDelta> Pass(ChatDelta delta) => delta switch
    {
        ChatDelta.Text text => Take(text.Value) is { Count: > 0 } certain ? certain : [new ChatDelta.Held()],
        ChatDelta.Finish => [.. End(), delta],
        _ => [delta],
    };

    /// <summary>What is certain after this piece.</summary>
    public List<ChatDelta> Take(string text)
    {
        if (place == Place.Answer && !hold)
            return [new ChatDelta.Text(text)];
        pending.Append(text);
        List<ChatDelta> certain = [];
        while (place != Place.Answer && (place == Place.Before ? Open() : Close(certain)))
        {
            // Each step has moved on to the next place; the last one waits for more.
        }
        if (place == Place.Answer && !hold)
            AddText(certain, Drain());
        return certain;
    }

    /// <summary>What was still held back, when nothing more will come.</summary>
    public List<ChatDelta> End()
    {
        List<ChatDelta> rest = [];
        var text = Drain();
        if (place == Place.Inside)
            AddReasoning(rest, text);
        else if (hold && !reasoned && LoneClosing.Find(text, Forms.Select(f => f.Closing)) is var (start, end))
        {
            AddReasoning(rest, text[..start]);
            reasoned = true;
            AddText(rest, text[end..]);
        }
        else
            AddText(rest, text);
        return rest;
    }

    private bool Open()
    {
        var text = pending.ToString();
        var start = text.AsSpan().TrimStart();
        if (start.Length == 0)
            return false;
        foreach (var (opening, closes) in Forms)
        {
            if (start.StartsWith(opening, StringComparison.OrdinalIgnoreCase))
            {
                pending.Remove(0, text.Length - start.Length + opening.Length);
                (place, closing) = (Place.Inside, closes);
                return true;
            }
            if (opening.AsSpan().StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return false;
        }
        place = Place.Answer;
        return true;
    }

    private bool Close(List<ChatDelta> certain)
    {
        var text = pending.ToString();
        var end = text.IndexOf(closing, StringComparison.OrdinalIgnoreCase);
        var sure = end >= 0 ? end : Math.Max(0, text.Length - closing.Length + 1);
        AddReasoning(certain, text[..sure]);
        pending.Remove(0, end >= 0 ? end + closing.Length : sure);
        if (end < 0)
            return false;
        (place, reasoned) = (Place.Before, true);
        return true;
    }

    private string Drain()
    {
        var text = pending.ToString();
        pending.Clear();
        return text;
    }

    private static void AddReasoning(List<ChatDelta> deltas, string text)
    {
        if (text.Length > 0)
            deltas.Add(new ChatDelta.Reasoning(text));
    }

    private void AddText(List<ChatDelta> deltas, string text)
    {
        var kept = reasoned ? WithoutBlankLines(text) : text;
        if (kept.Length > 0)
            deltas.Add(new ChatDelta.Text(kept));
        if (text.Length > 0)
            reasoned = reasoned && kept.Length == 0;
    }

    // Only whole blank lines go: the indentation of an answer that begins with code is its own.
    private static string WithoutBlankLines(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length && char.IsWhiteSpace(text[i]); i++)
        {
            if (text[i] == '\n')
                start = i + 1;
        }
        return text[start..].Trim().Length == 0 ? "" : text[start..];
    }
}
