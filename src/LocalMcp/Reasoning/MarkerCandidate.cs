using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>Characters that may turn out to be a marker: the spelling of a token, or of a tag, for as long as both are possible.</summary>
internal sealed class MarkerCandidate
{
    // Attributes are short; a tag that never ends must not be held for ever.
    private const int LongestTag = 200;

    private readonly StringBuilder raw = new();
    private readonly TagSpelling tag = new();
    private Narrowing token;
    private bool canBeToken;
    private bool canBeTag;

    public bool Active => canBeToken || canBeTag;

    /// <summary>What has been read of it.</summary>
    public string Raw => raw.ToString();

    public static bool Begins(char c) => c is '<' or '[' or '◁';

    public void Begin(char c)
    {
        raw.Clear().Append(c);
        token = new Narrowing(Forms.TokenTexts);
        canBeToken = token.Take(c);
        canBeTag = c == '<';
        tag.Begin();
    }

    /// <summary>Takes the next character. False: it was no marker, and the character does not belong to it.</summary>
    public bool Take(char c, out Marker? whole)
    {
        whole = null;
        canBeToken = canBeToken && token.Take(c);
        canBeTag = canBeTag && raw.Length < LongestTag && tag.Take(c, out whole);
        if (!Active)
            return false;
        raw.Append(c);
        if (canBeToken && token.Whole is { } text)
            whole = Forms.Token(text);
        if (whole is not null)
            Abandon();
        return true;
    }

    public void Abandon() => canBeToken = canBeTag = false;
}
