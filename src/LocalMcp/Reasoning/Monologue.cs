using System.Text;
using System.Text.RegularExpressions;

namespace LocalMcp.Reasoning;

/// <summary>
/// Reasoning in plain prose, whose markers a server has dropped or a model never had. It is told by how it begins, and only at the beginning of
/// an answer. Since an answer can begin so, too, each rule says what else it asks for.
/// </summary>
internal static partial class Monologue
{
    // Granite 3.2 (vLLM, granite); quantized models shorten it.
    private static readonly string[] GraniteOpenings = ["here is my thought process:", "here's my thought process:"];
    private static readonly string[] GraniteAnswers = ["here is my response:", "here's my response:"];

    // gpt-oss without its special tokens: SGLang, harmony_parser.py, and servers of MLX.
    private static readonly string[] HarmonyOpenings = ["analysis", "assistantanalysis", "commentary", "assistantcommentary", "assistantfinal"];
    private const string HarmonyAnswer = "assistantfinal";

    // Gemma 4 without its special tokens: vLLM, gemma4_utils.py.
    private const string GemmaOpening = "thought\n";

    private static readonly string[] Openings = [.. GraniteOpenings, .. HarmonyOpenings, GemmaOpening, .. ThoughtList.Openings];

    /// <summary>Characters after which it is known whether one of these has begun, with some blank space before it.</summary>
    public const int LongestOpening = 128;

    /// <summary>Whether a text that begins so may be one of these.</summary>
    public static bool MayBegin(StringBuilder text)
    {
        var (start, length) = (0, text.Length);
        while (start < length && (char.IsWhiteSpace(text[start]) || CodeSense.IsInvisible(text[start])))
            start++;
        return Array.Exists(Openings, opening => Agrees(text, start, opening));
    }

    /// <summary>The reasoning and the answer of a text, or null when it is all answer.</summary>
    /// <param name="cut">Whether the answer was cut off: then it may all be reasoning.</param>
    public static (string Reasoning, string Answer)? Split(string text, ReasoningHints hints, bool cut) =>
        Granite(text, cut) ?? Harmony(text) ?? Gemma(text, cut) ?? ThoughtList.Split(text, hints, cut);

    /// <summary>The text without the blank lines at its beginning.</summary>
    public static string WithoutBlankLines(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length && text[i] is ' ' or '\t' or '\r' or '\n'; i++)
        {
            if (text[i] == '\n')
                start = i + 1;
        }
        return text[start..];
    }

    // Both phrases: the format of the model. The first alone: how an answer may well begin, unless it was cut before the second.
    private static (string, string)? Granite(string text, bool cut)
    {
        var start = text.TrimStart();
        if (Array.Find(GraniteOpenings, o => Straight(start).StartsWith(o, StringComparison.OrdinalIgnoreCase)) is null)
            return null;
        var answers = GraniteAnswers.Select(a => (At: Straight(text).IndexOf(a, StringComparison.OrdinalIgnoreCase), a.Length)).Where(a => a.At >= 0).ToList();
        if (answers.Count == 0)
            return cut ? (text, "") : null;
        var (at, length) = answers.Min();
        return (text[..at], WithoutBlankLines(text[(at + length)..].TrimStart(' ')));
    }

    // The names of the channels are left, close to the text. Without the final one, an answer may begin with this word; but not where a sentence follows without a space.
    private static (string, string)? Harmony(string text)
    {
        var start = text.TrimStart();
        if (Array.Find(HarmonyOpenings, o => start.StartsWith(o, StringComparison.OrdinalIgnoreCase)) is null)
            return null;
        var at = text.IndexOf(HarmonyAnswer, StringComparison.Ordinal) is var lower and >= 0 ? lower : text.IndexOf(HarmonyAnswer.ToUpperInvariant(), StringComparison.Ordinal);
        if (at >= 0)
            return (text[..at], text[(at + HarmonyAnswer.Length)..].TrimStart());
        return GluedSentence().IsMatch(start) ? (text, "") : null;
    }

    // The channel's name is left on a line of its own, and a sentence follows. Where the channel ends is lost with the markers, so only the name goes.
    private static (string, string)? Gemma(string text, bool cut)
    {
        var start = text.TrimStart().Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!start.StartsWith(GemmaOpening, StringComparison.Ordinal))
            return null;
        var rest = WithoutBlankLines(start[GemmaOpening.Length..]);
        if (rest.Length == 0 || !(char.IsUpper(rest[0]) || rest[0] is '*' or '#' or '`' || char.IsDigit(rest[0])))
            return null;
        return cut ? (text, "") : (GemmaOpening, rest);
    }

    // "analysisThe user": a sentence. "analysisThreshold = 5": a program.
    [GeneratedRegex(@"^(assistant)?(analysis|commentary)[A-Z][\w'’]*,? [a-z]", RegexOptions.CultureInvariant)]
    private static partial Regex GluedSentence();

    private static string Straight(string text) => text.Replace('’', '\'');

    private static bool Agrees(StringBuilder text, int start, string opening)
    {
        for (var i = 0; i < opening.Length && start + i < text.Length; i++)
        {
            var c = text[start + i];
            if ((c == '’' ? '\'' : char.ToLowerInvariant(c)) != opening[i])
                return false;
        }
        return true;
    }
}
