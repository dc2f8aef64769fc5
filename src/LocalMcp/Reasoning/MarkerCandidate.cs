using System.Buffers;
using System.Text;

namespace LocalMcp.Reasoning;

/// <summary>Characters that may turn out to be a marker: the spelling of a token, or of a tag, for as long as both are possible.</summary>
internal sealed class MarkerCandidate
{
    // Attributes are short; a tag that never ends must not be held for ever.
    private const int LongestTag = 200;

    private static readonly SearchValues<char> SecondOfTokens = SearchValues.Create([.. Forms.TokenTexts.Select(text => text[1])]);
    private static readonly SearchValues<char> SecondOfTags = SearchValues.Create(['/', ' ', '\t', .. Forms.TagNames.SelectMany(name => new[] { name[0], char.ToUpperInvariant(name[0]) })]);

    private readonly StringBuilder raw = new();
    private string last = "";
    private readonly TagSpelling tag = new();
    private Narrowing token;
    private bool canBeToken;
    private bool canBeTag;

    public bool Active => canBeToken || canBeTag;

    /// <summary>What has been read of it.</summary>
    public string Raw => raw.Equals(last) ? last : last = raw.ToString();

    /// <summary>How many characters that are, 1 at least: then <see cref="First"/> is all there is.</summary>
    public int Length { get; private set; }

    public char First { get; private set; }

    public static bool Begins(char c) => c is '<' or '[' or '◁';

    /// <summary>Whether a marker can begin with these two characters. Most angle brackets are none of ours.</summary>
    public static bool GoesOn(char first, char second) => SecondOfTokens.Contains(second) || (first == '<' && SecondOfTags.Contains(second));

    public void Begin(char c) => (First, Length, canBeToken, canBeTag) = (c, 1, true, c == '<');

    /// <summary>Takes the next character. False: it was no marker, and the character does not belong to it.</summary>
    public bool Take(char c, out Marker? whole)
    {
        whole = null;
        if (Length == 1 && !Start(c))
            return false;
        canBeToken = canBeToken && token.Take(c);
        canBeTag = canBeTag && Length < LongestTag && tag.Take(c, out whole);
        if (!Active)
            return false;
        raw.Append(c);
        Length++;
        if (canBeToken && token.Whole is { } text)
            whole = Forms.Token(text);
        if (whole is not null)
            Abandon();
        return true;
    }

    public void Abandon() => canBeToken = canBeTag = false;

    private bool Start(char second)
    {
        if (!GoesOn(First, second))
            return false;
        raw.Clear().Append(First);
        canBeToken = SecondOfTokens.Contains(second);
        if (canBeToken)
        {
            token = new Narrowing(Forms.TokenTexts);
            canBeToken = token.Take(First);
        }
        canBeTag = canBeTag && SecondOfTags.Contains(second);
        tag.Begin();
        return Active;
    }
}
