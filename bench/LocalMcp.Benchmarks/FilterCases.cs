using System.Text;

namespace LocalMcp.Benchmarks;

/// <summary>The texts, as data: what models write, in every form, and what they would have to write to make the filter slow.</summary>
internal static class FilterCases
{
    private const string Prose = """
        The library opens at nine on weekdays, and most of its visitors come before noon. They read newspapers, return what they have borrowed, and
        ask for advice: which of the two translations is the better one, where the maps are kept, whether a book that was lost has to be paid for.
        It's a quiet place (apart from the school classes), and has been one for some 130 years; "nobody is in a hurry here," as the warden says.

        In the afternoon the light falls in from the west. Then the reading room on the second floor fills with students, who need tables, sockets
        and silence - in this order. A seat by the window is worth a long walk. Whoever comes after four will hardly find any, except on Fridays.


        """;

    private const string Code = """
        A counter that several threads share needs `Interlocked`, not a `lock`. The method ``Add`` takes a `ref int` and returns the new value:

        ```csharp
        /// <summary>Counts <typeparamref name="T"/>.</summary>
        [DebuggerDisplay("{Count}")]
        internal sealed class Counter<T> where T : IComparable<T>
        {
            private readonly Dictionary<string, List<int>> seen = [];
            private int[] slots = new int[16];

            public int Add(T item, int times)
            {
                for (var i = 0; i < times && slots[i] <= slots[^1]; i++)
                    slots[i] = Math.Max(slots[i] << 1, item.CompareTo(default!) < 0 ? 1 : 2);
                return Interlocked.Increment(ref slots[0]); // "first" is [0]
            }
        }
        ```

        1. `slots[0]` holds the count, and `seen` is only read behind `if (seen.Count > 0)`.
        2. For `List<int>` the generic argument is `T = List<int>`, which does not compile.


        """;

    private const string Step = """
            *   **Constraint:** The answer must name the opening hours, and it should not be longer than one paragraph. The user asks for a list.
            *   *Draft:* "The library opens at nine." Is this right? The text says so, on weekdays at least. On Saturdays it opens at ten.

        """;

    /// <summary>What all others are compared with: an answer in which there is nothing to find.</summary>
    public static readonly FilterCase Plain = new("plain text", length => Repeat(Prose, length));

    /// <summary>What models write.</summary>
    public static readonly FilterCase[] Usual =
    [
        Plain,
        new("C# code", length => Repeat(Code, length)),
        Form("tags", "<think>\n", Prose, "</think>\n\n", Prose),
        Form("lone closing tag", "", Prose, "</think>\n\n", Prose),
        Form("harmony", "<|channel|>analysis<|message|>", Prose, "<|end|><|start|>assistant<|channel|>final<|message|>", Prose),
        Form("Gemma channel", "<|channel>thought\n", Prose, "<channel|>", Prose),
        Form("Cohere", "<|START_THINKING|>", Prose, "<|END_THINKING|><|START_RESPONSE|>", Prose, "<|END_RESPONSE|>"),
        Form("[THINK]", "[THINK]", Prose, "[/THINK]", Prose),
        Form("Granite prose", "Here is my thought process:\n\n", Prose, "Here is my response:\n\n", Prose),
        new("Thinking Process:", length => $"Thinking Process:\n\n{Steps(length / 2)}{Repeat(Prose, length / 2)}") { Reasons = true },
        Form("reasoning with code", "<think>\n", Code, "</think>\n\n", Code),
    ];

    /// <summary>What would make a filter slow that reads something twice, holds something back for too long, or looks ahead each time.</summary>
    public static readonly FilterCase[] Adversarial =
    [
        Repeated("angle brackets", "<"),
        Repeated("opening tags", "<think>"),
        Repeated("closing tags", "</think>"),
        Repeated("backticks and opening tags, one line", "`<think>"),
        Repeated("quotation marks and opening tags, one line", "\"<think>"),
        new("backticks in growing runs", GrowingRuns),
        Repeated("blank lines", "\n"),
        Repeated("harmony messages", "<|message|>"),
        Repeated("closing tags in fences", "<think>```\n</think>\n"),
        Repeated("square brackets", "["),
        Repeated("unfinished [THINK", "[THINK"),
        Repeated("opening tags within lines", "a <think>b "),
    ];

    private static FilterCase Form(string name, string opening, string reasoning, string closing, string answer, string end = "") =>
        new(name, length => $"{opening}{Repeat(reasoning, length / 2)}{closing}{Repeat(answer, length / 2)}{end}") { Reasons = true };

    private static FilterCase Repeated(string name, string unit) => new(name, length => Repeat(unit, length));

    private static string Repeat(string unit, int length) => string.Concat(Enumerable.Repeat(unit, Math.Max(1, length / unit.Length)));

    // The list's numbers have three digits at most.
    private static string Steps(int length)
    {
        const int Count = 10;
        var details = Repeat(Step, length / Count);
        return string.Concat(Enumerable.Range(1, Count).Select(number => $"{number}.  **Analyze the Request:**\n{details}\n"));
    }

    private static string GrowingRuns(int length)
    {
        var text = new StringBuilder(length);
        for (var run = 1; text.Length < length; run++)
            text.Append('`', run).Append(' ');
        return text.ToString();
    }
}
