using System.Text;
using LocalMcp.Chat;

namespace LocalMcp.Reasoning;

/// <summary>What goes out: runs of text and of reasoning. Text can be held back for as long as it may still turn out to be reasoning.</summary>
internal sealed class Outlet
{
    private readonly StringBuilder held = new();
    private readonly StringBuilder run = new();
    private List<ChatDelta> ready = [];
    private bool runIsReasoning;
    private int feeds;

    public bool Holding { get; private set; }

    /// <summary>Whether any text that is not blank has come.</summary>
    public bool HasText { get; private set; }

    /// <summary>The first character of the text that is not blank.</summary>
    public char First { get; private set; }

    /// <summary>Whether the text so far ends with a blank line.</summary>
    public bool EndsWithBlankLine => feeds > 1;

    public bool EndsLine => feeds > 0;

    /// <summary>The text that is held back.</summary>
    public StringBuilder Held => held;

    public void Hold() => Holding = true;

    public void Text(char c)
    {
        if (!HasText && !char.IsWhiteSpace(c))
            (HasText, First) = (true, c);
        feeds = c == '\n' ? feeds + 1 : c is ' ' or '\t' or '\r' ? feeds : 0;
        if (Holding)
            held.Append(c);
        else
            Add(c, reasoning: false);
    }

    public void Text(string text)
    {
        foreach (var c in text)
            Text(c);
    }

    public void Reasoning(char c) => Add(c, reasoning: true);

    public void Reasoning(string text) => Add(text, reasoning: true);

    /// <summary>What was held back was reasoning; holding goes on.</summary>
    public void HeldWasReasoning()
    {
        var text = held.ToString();
        Forget();
        Reasoning(text);
    }

    /// <summary>What was held back is nothing at all; holding goes on.</summary>
    public void Forget()
    {
        held.Clear();
        HasText = false;
    }

    /// <summary>What was held back is text.</summary>
    public void Release()
    {
        if (Holding)
            Release(held.ToString());
    }

    /// <summary>This is what was held back, and it is text. Nothing is held any more.</summary>
    public void Release(string text)
    {
        held.Clear();
        Holding = false;
        Add(text, reasoning: false);
    }

    /// <summary>All that is ready. The first half of a surrogate pair waits for the second, unless it is the <paramref name="last"/> that comes.</summary>
    public List<ChatDelta> Drain(bool last)
    {
        if (!last && run.Length > 0 && char.IsHighSurrogate(run[^1]))
        {
            var half = run[^1];
            run.Length--;
            EndRun();
            run.Append(half);
        }
        else
            EndRun();
        var drained = ready;
        ready = [];
        return drained;
    }

    private void Add(char c, bool reasoning)
    {
        BeginRun(reasoning);
        run.Append(c);
    }

    private void Add(string text, bool reasoning)
    {
        if (text.Length == 0)
            return;
        BeginRun(reasoning);
        run.Append(text);
    }

    private void BeginRun(bool reasoning)
    {
        if (reasoning != runIsReasoning)
            EndRun();
        runIsReasoning = reasoning;
    }

    private void EndRun()
    {
        if (run.Length == 0)
            return;
        var text = run.ToString();
        run.Clear();
        ready.Add(runIsReasoning ? new ChatDelta.Reasoning(text) : new ChatDelta.Text(text));
    }
}
