namespace LocalMcp.Reasoning;

/// <summary>The spelling of one tag behind its opening angle bracket, in any letter case, with spaces and attributes.</summary>
internal sealed class TagSpelling
{
    private enum Part
    {
        BeforeName,
        Name,
        Suffix,
        Spaces,
        Attributes,
        Slash,
    }

    // The names that begin with each letter.
    private static readonly Narrowing[] ByLetter = [.. Enumerable.Range(0, 128).Select(letter => Beginning((char)letter))];

    private Narrowing names;
    private Part part;
    private string name = "";
    private bool closing;
    private bool assigned;

    public void Begin() => (part, name, closing, assigned) = (Part.BeforeName, "", false, false);

    /// <summary>Takes the next character, and returns whether it can still be a tag.</summary>
    public bool Take(char c, out Marker? whole)
    {
        whole = null;
        switch (part)
        {
            case Part.BeforeName when c is ' ' or '\t':
                return true;
            case Part.BeforeName when c == '/' && !closing:
                return closing = true;
            case Part.BeforeName:
                part = Part.Name;
                names = c < ByLetter.Length ? ByLetter[char.ToLowerInvariant(c)] : default;
                return names.Any;
            case Part.Name:
                return TakeName(c, out whole);
            case Part.Suffix:
                return TakeSuffix(c, out whole);
            case Part.Slash:
                if (c == '>')
                    whole = Forms.Tag(name, closing: false, empty: true);
                part = Part.Attributes;
                return whole is not null || (assigned && TakeAttributes(c, out whole));
            default:
                return TakeAttributes(c, out whole);
        }
    }

    private static Narrowing Beginning(char letter)
    {
        var narrowing = new Narrowing(Forms.TagNames);
        narrowing.Take(letter);
        return narrowing;
    }

    private bool TakeName(char c, out Marker? whole)
    {
        whole = null;
        if (names.Whole is { } known && c is '>' or ' ' or '\t' or '/')
        {
            name = known;
            part = Part.Spaces;
            return TakeAttributes(c, out whole);
        }
        // Hunyuan's tags have the name of their tokenizer behind them: <think:hy3>.
        if (c == ':' && names.Whole == "think")
        {
            part = Part.Suffix;
            return true;
        }
        return names.Take(char.ToLowerInvariant(c));
    }

    private bool TakeSuffix(char c, out Marker? whole)
    {
        whole = c == '>' ? Forms.Tag("think", closing, empty: false) : null;
        return whole is not null || char.IsAsciiLetterOrDigit(c);
    }

    // <think about it> has words where attributes have values, <Reasoning open={busy}> is a component of a program: neither is a tag.
    private bool TakeAttributes(char c, out Marker? whole)
    {
        whole = c == '>' && (part == Part.Spaces || assigned) ? Forms.Tag(name, closing, empty: false) : null;
        if (c == '/' && !closing)
            part = Part.Slash;
        else if (c is not (' ' or '\t'))
            part = Part.Attributes;
        assigned |= c == '=';
        return whole is not null || (c != '>' && c is not ('\n' or '\r' or '{' or '}') && !MarkerCandidate.Begins(c) && !(closing && part == Part.Attributes));
    }
}
