using System.Text.RegularExpressions;

namespace LocalMcp.Schema;

/// <summary>A regular expression of ECMA-262, in its Unicode mode, as schemas have them. It is searched for anywhere in a text.</summary>
internal sealed class EcmaPattern
{
    private const int Longest = 2_000;

    // Only for what looks around or back: everything else runs in time linear to the text.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex regex;

    private EcmaPattern(string source, Regex regex) => (Source, this.regex) = (source, regex);

    /// <summary>The pattern as the schema writes it.</summary>
    public string Source { get; }

    /// <summary>Reads a pattern; null when it is none, and why, as the end of a sentence that begins with the pattern.</summary>
    public static EcmaPattern? Read(string source, out string trouble)
    {
        trouble = "";
        if (source.Length > Longest)
        {
            trouble = $"is longer than {Longest} characters";
            return null;
        }
        try
        {
            return new EcmaPattern(source, Compile(EcmaTranslation.Of(source)));
        }
        catch (RegexParseException broken)
        {
            trouble = $"is none ({broken.Error})";
        }
        catch (FormatException unknown)
        {
            trouble = unknown.Message;
        }
        return null;
    }

    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public bool IsMatch(string text) => regex.IsMatch(text);

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
        }
    }
}
