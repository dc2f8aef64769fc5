using System.Text;

namespace LocalMcp.Tests.Reasoning;

/// <summary>A random monologue as models write them, which leaves quotations, code and brackets open, marked as reasoning, and an answer behind it that speaks of no marker.</summary>
internal sealed class MessyAnswer
{
    private static readonly (string Opening, string Closing)[] Forms =
    [
        ("<think>\n", "\n</think>\n\n"), ("", "\n</think>\n\n"), ("<think>", "</think>\n\n"), ("<thinking>\n", "\n</thinking>\n\n"), ("[THINK]", "[/THINK]"), ("◁think▷", "◁/think▷"),
        ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"), ("<|channel>thought\n", "\n<channel|>"), ("<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"),
    ];

    private static readonly string[] Thoughts =
    [
        "Okay, so the user wants a greeting. ", "The name `foo is odd. ", "He said \"hi. ", "It's fine, don't worry; the users' wish. ", "Let me write:\n\n```python\nx = 1\n", "\n```\n", "\n\n", "Use '''three''' or \"\"\"three. ", "(and so on ",
        "\n1. **Analyze:** the request\n2. Draft\n", "> a quotation\n", "a < b, x[0], <b>bold</b> ", "C:\\path\\ ", "“Hello ", "\n- `a`\n- `b\n", "~~~\n", "Wait, no. ", "So the answer is: ", "The tag `</think>` ends it. ", "\t", "✅", "\r\n", "# Heading\n",
    ];

    private static readonly string[] Texts =
    [
        "Hello, world. ", "\n\n", "\n```python\ndef f():\n    return 'a'\n```\n", "    indented();\n", "1. One\n2. Two\n", "It's \"quoted\" and `code`. ", "| a | b |\n|---|---|\n", "“Ça va?” 你好 👩‍👩‍👧 ", "x = [i for i in range(3) if i < 2] ", "# Heading\n", "<div>html</div>\n",
    ];

    public MessyAnswer(Random random)
    {
        var (opening, closing) = Forms[random.Next(Forms.Length)];
        var whole = new StringBuilder(opening).Append("So: ");
        for (var pieces = random.Next(12); pieces > 0; pieces--)
            whole.Append(Thoughts[random.Next(Thoughts.Length)]);
        Text = "Answer: " + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Texts[random.Next(Texts.Length)]));
        Whole = whole.Append("Done.").Append(closing).Append(Text).ToString();
    }

    public string Whole { get; }

    public string Text { get; }
}
