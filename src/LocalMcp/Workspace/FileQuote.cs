using System.Globalization;
using System.Text;

namespace LocalMcp.Workspace;

/// <summary>
/// How a file is quoted in a prompt: a line with its name, then its text in a fence that no backticks of the text can close. It is made of name and text alone, so the
/// same file makes the same bytes in every call, and a backend finds them in its cache.
/// </summary>
internal static class FileQuote
{
    private const int ShortestFence = 3;

    /// <summary>A whole file.</summary>
    /// <param name="name">As it is shown: without control characters.</param>
    /// <param name="text">As <see cref="TidyText"/> left it.</param>
    public static QuotedFile Whole(string name, string text) => text.Length == 0
        ? new QuotedFile(name, $"File: {name} (it is empty)")
        : new QuotedFile(name, Fenced($"File: {name}", name, text));

    /// <summary>A whole file, with the numbers of its lines.</summary>
    public static QuotedFile Numbered(string name, string text) => text.Length == 0
        ? Whole(name, text)
        : new QuotedFile(name, Fenced($"File: {name}", name, WithNumbers(Lines(text), 1)));

    /// <summary>Lines of a file, with their numbers.</summary>
    /// <param name="lines">The lines of the whole file: <see cref="Lines"/>.</param>
    /// <param name="range">Right for it.</param>
    public static QuotedFile Of(string name, IReadOnlyList<string> lines, LineRange range)
    {
        var last = range.Last ?? lines.Count;
        var title = string.Create(CultureInfo.InvariantCulture, $"File: {name}, {(last == range.First ? "line" : "lines")} {range with { Last = last }} of {lines.Count}");
        var shown = range with { Last = last };
        return new QuotedFile($"{name}:{shown}", Fenced(title, name, WithNumbers(lines.Skip(range.First - 1).Take(last - range.First + 1), range.First))) { File = name };
    }

    /// <summary>The lines of a text, without their ends; the end of the last one makes no further line.</summary>
    public static IReadOnlyList<string> Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static string WithNumbers(IEnumerable<string> lines, int first)
    {
        var numbered = lines.Select((line, i) => (Number: (first + i).ToString(CultureInfo.InvariantCulture), Line: line)).ToList();
        var text = new StringBuilder();
        foreach (var (number, line) in numbered)
            text.Append(' ', numbered[^1].Number.Length - number.Length).Append(number).Append(line.Length > 0 ? "| " : "|").Append(line).Append('\n');
        return text.ToString();
    }

    private static string Fenced(string title, string name, string text)
    {
        var fence = new string('`', Math.Max(ShortestFence, LongestRun(text) + 1));
        return string.Concat([title, "\n", fence, Language.Of(name), "\n", text, text.EndsWith('\n') ? "" : "\n", fence]);
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }
}
