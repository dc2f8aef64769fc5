using System.Text;

namespace LocalMcp.Tests.Reasoning;

/// <summary>A random answer, put together from reasoning in some form and from pieces of text that speak of such forms, and what must be left of it.</summary>
internal sealed class RandomAnswer
{
    private static readonly string[] Tags = ["think", "thinking", "thought", "reasoning", "reflection", "seed:think"];

    private static readonly (string Opening, string Closing, string After)[] Forms =
    [
        .. Tags.Select(tag => ($"<{tag}>", $"</{tag}>", "")),
        ("<THINK>", "</Think>", ""),
        ("< think type=\"deep\" >", "</ think>", ""),
        ("", "</think>", ""),
        ("", "[/THINK]", ""),
        ("", "<channel|>", ""),
        ("[THINK]", "[/THINK]", ""),
        ("◁think▷", "◁/think▷", ""),
        ("<|START_THINKING|>", "<|END_THINKING|>", "<|START_RESPONSE|>"),
        ("<|inner_prefix|>", "<|inner_suffix|>", ""),
        ("<|channel>thought\n", "<channel|>", ""),
        ("<|channel|>analysis<|message|>", "<|end|>", "<|start|>assistant<|channel|>final<|message|>"),
        ("Here is my thought process:", "Here is my response:", ""),
    ];

    // None of these begins like a form, speaks of one outside of code and quotations, or leaves code open.
    private static readonly string[] Thoughts =
    [
        "The user wants a greeting.", "Let me see: a < b, x[0] > 1.", "`</think>` ends it, `[/THINK]` too.", "\n```xml\n<think>\n</think>\n[/THINK]\n```\n", "\n1. One\n2. Two\n",
        "It says \"</think>\" there.", "Ça va? 你好 😀 é", "\r\n", "\n\n", " ", "<b>bold</b> and <thin", "~~~\n<|end|>\n~~~\n", "``a ` </thinking>``",
    ];

    private static readonly string[] Texts =
    [
        "Hello, world. ", "# Heading\n", "1. One\n2. Two\n", "```xml\n<think>why</think>\n```\n", "~~~~\n```\n</think>\n```\n~~~~\n", "Use `<think>` and `</think>` so. ",
        "The string \"<reasoning>x</reasoning>\" is one. ", "Tags like <think> and </think> are words. ", "a < b && c > d; x[0] = '<'; ", "    indented();\n", "\n\n", "\r\n", "Ça va? 你好 👩‍👩‍👧 \u00A0\u200B. ",
        "``<think>`</think>`` ", "- item\n  ```\n  [THINK]\n  ```\n", "| a | b |\n|---|---|\n| `<|channel|>` | `[/THINK]` |\n", "<div>html</div> <thinker> [THINK ", "\"quoted </think>, and more\" ", "[link](url) ",
    ];

    public RandomAnswer(Random random)
    {
        var whole = new StringBuilder();
        var text = new StringBuilder();
        var reasoned = random.Next(4) > 0;
        if (reasoned)
            AddReasoning(random, whole, Forms[random.Next(Forms.Length)]);
        // Blank lines behind the reasoning are not the answer's.
        if (reasoned && random.Next(2) == 0)
            whole.Append("\n\n");
        var first = random.Next(2) == 0 ? "Answer: " : "```py\n# <think>\n```\n";
        whole.Append(first);
        text.Append(first);
        for (var pieces = random.Next(8); pieces > 0; pieces--)
        {
            var piece = Texts[random.Next(Texts.Length)];
            var between = Between(text, piece);
            whole.Append(between).Append(piece);
            text.Append(between).Append(piece);
            if (text[^1] == '\n' && !EndsWithBlankLine(text) && random.Next(6) == 0)
                AddReasoning(random, whole, Forms[random.Next(Tags.Length)]);
        }
        (Whole, Text) = (whole.ToString(), text.ToString());
    }

    public string Whole { get; }

    public string Text { get; }

    private static bool EndsWithBlankLine(StringBuilder text) => text.ToString().AsSpan(0, text.Length - 1).TrimEnd(" \t\r").EndsWith("\n", StringComparison.Ordinal);

    // Fences begin a line, and so do lists and headings; two spans of code do not touch.
    private static string Between(StringBuilder before, string piece) => before.Length == 0 || before[^1] == '\n' ? "" : piece[0] switch
    {
        '~' or '-' or '|' or '#' or ' ' => "\n",
        '`' when piece.StartsWith("```", StringComparison.Ordinal) => "\n",
        '`' => " ",
        _ => "",
    };

    private static void AddReasoning(Random random, StringBuilder whole, (string Opening, string Closing, string After) form)
    {
        whole.Append(form.Opening);
        // What opens nothing begins with a word.
        whole.Append(form.Opening.Length == 0 ? "So: " : "");
        for (var pieces = random.Next(5); pieces > 0; pieces--)
        {
            var thought = Thoughts[random.Next(Thoughts.Length)];
            whole.Append(Between(whole, thought)).Append(thought);
        }
        whole.Append(random.Next(2) == 0 ? "\n" : "Done.").Append(form.Closing).Append(form.After);
    }
}
