using System.Text.RegularExpressions;

namespace LocalMcp.Reasoning;

/// <summary>
/// The numbered plan that Qwen3.5, Qwen3.6 and Nemotron 3.5 think in: "Thinking Process:", a list with bold headings, and the answer behind it. oMLX
/// leaves it in the text when the closing tag is missing (omlx/api/thinking.py), other gateways drop both tags.
/// </summary>
internal static partial class ThoughtList
{
    /// <summary>How it begins, in lower case.</summary>
    public static readonly string[] Openings = ["thinking process:", "**thinking process:**", "**thinking process**:", "here's a thinking process:", "here's a thinking process that", "here's a thinking process to arrive"];

    /// <summary>
    /// The reasoning and the answer, or null when it is all answer. It must be a heading on a line of its own and a list that begins with 1, or
    /// sentences that speak of the user, the request or the answer. An answer to a question about thinking processes is kept, unless the list's first heading is the one that these models write
    /// ("Analyze the Request:"). Any other is reasoning when the list speaks of the user, the request or the answer, or says I.
    /// A list with nothing behind it is the answer, unless it was cut off.
    /// </summary>
    public static (string Reasoning, string Answer)? Split(string text, ReasoningHints hints, bool cut)
    {
        var lines = Lines(text);
        var heading = lines.FindIndex(line => line.Trim().Length > 0);
        if (heading < 0 || !IsHeading(lines[heading]))
            return null;
        var end = EndOfList(lines, heading + 1, out var items);
        if (items.Count == 0)
            return null;
        var asked = hints.Speaks("thinking process") || hints.Speaks("thought process");
        var sure = FirstHeading().IsMatch(items[0]);
        if (!sure && (asked || !items.Exists(SpeaksOfItself)))
            return null;
        var answer = string.Concat(lines[end..]);
        if (answer.Trim().Length == 0)
            return cut || (sure && !asked) ? (text, "") : null;
        return (string.Concat(lines[..end]), Monologue.WithoutBlankLines(answer));
    }

    private static bool SpeaksOfItself(string item) => Itself().IsMatch(item) || FirstPerson().IsMatch(item);

    private static bool IsHeading(string line)
    {
        var words = line.Trim().Replace('’', '\'').ToLowerInvariant();
        return words.TrimEnd('*').EndsWith(':') && Array.Exists(Openings, o => words.StartsWith(o, StringComparison.Ordinal));
    }

    /// <summary>
    /// The line with which the answer begins: the first one behind the list that is neither indented nor one of its items, and behind which the
    /// list does not go on with its next number. Interjections ("Wait, …") between list and answer belong to the list.
    /// </summary>
    private static int EndOfList(List<string> lines, int from, out List<string> items)
    {
        items = [];
        var (end, next, restarted, restartedBold) = (-1, 1, false, false);
        for (var i = from; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Trim().Length == 0)
                continue;
            if (Number().Match(line) is { Success: true } number)
            {
                var value = int.Parse(number.ValueSpan[..^1], System.Globalization.CultureInfo.InvariantCulture);
                var bold = line.Contains("**", StringComparison.Ordinal);
                if (value == 1 && next > 1)
                    (restarted, restartedBold) = (true, bold);
                // Behind a list of the answer's own, only a bold item of a bold list that the other is not goes on with this one.
                if (value == next && (!restarted || (bold && !restartedBold && items[0].Contains("**", StringComparison.Ordinal))))
                {
                    items.Add(line);
                    (end, next) = (-1, next + 1);
                    continue;
                }
            }
            else if (next == 1 && SpeaksOfItself(line))
            {
                // No list, but the same monologue in sentences.
                items.Add(line);
                continue;
            }
            else if (items.Count == 0)
                return lines.Count;
            else if (end < 0 && (char.IsWhiteSpace(line[0]) || (line[0] is '*' or '-' && lines[i - 1].Trim().Length > 0) || Interjection().IsMatch(line)))
            {
                items.Add(line);
                continue;
            }
            end = end < 0 ? i : end;
        }
        return end < 0 ? lines.Count : end;
    }

    private static List<string> Lines(string text)
    {
        List<string> lines = [];
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start) is var feed and >= 0 ? feed + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }

    [GeneratedRegex(@"^ {0,3}\d{1,3}\.(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^ {0,3}1\.\s+\*\*(analy[sz]e|understand|identify|deconstruct|interpret|parse|user)\b[^*\n]*\b(request|input|prompt|query|user|task|intent|question|goal)\b[^*\n]*:?\*\*:?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FirstHeading();

    [GeneratedRegex(@"\b(the user|user's|user (wants|asks|needs|request|input)|the request|the prompt|analy[sz]e|draft(ing)?|final (answer|output|response|check|polish)|self-correction|i (should|need to|will|must|can)|let me|let's|respon(d|se)|the answer)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Itself();

    [GeneratedRegex(@"\bI\b", RegexOptions.CultureInvariant)]
    private static partial Regex FirstPerson();

    [GeneratedRegex(@"^[*(\[]{0,2}(wait|let's|let me|okay|ok,|actually|hmm|i need to|i should|i'll|i will write|ready|self-correction|one more|output (matches|generation)|proceeds|done\])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Interjection();
}
