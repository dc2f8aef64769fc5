namespace LocalMcp.Reasoning;

/// <summary>Opening markers in the answer: they begin reasoning, or the answer speaks of them.</summary>
internal sealed partial class ReasoningFilter
{
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

    private readonly Dictionary<Form, Reach> spoken = [];

    /// <summary>
    /// An opening marker. Before any text it opens reasoning, unless the question asks for an element of that name. Further on it may be one of
    /// several blocks, or what the answer speaks of. At the beginning of a line it is a block; in the middle of one it is when it is
    /// closed. In an answer that is XML itself it is an element. When the question speaks of such markers, it is what the answer
    /// speaks of, unless the model is known to reason and the marker begins a line.
    /// </summary>
    private bool Open(Marker marker, string raw, Standing standing)
    {
        var (of, speaks) = (marker.Form, Speaks(marker.Form));
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
            return Spoken(of, standing.BeginsLine || standing.EndsLine ? Reach.Text : Reach.Line);
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
}
