using System.Globalization;
using LocalMcp.Reasoning;

namespace LocalMcp.Tests.Reasoning;

/// <summary>Random answers, and random characters, in random pieces. LOCAL_MCP_FUZZ is how many of each (2,000 without it), LOCAL_MCP_SEED where they begin.</summary>
public sealed class ReasoningFuzzTests
{
    private const int Cuttings = 5;

    private static readonly int Answers = Number("LOCAL_MCP_FUZZ", 2_000);
    private static readonly int FirstSeed = Number("LOCAL_MCP_SEED", 20261121);

    private static readonly string[] Scraps =
    [
        "<think>", "</think>", "<thinking>", "</reasoning>", "< Think a=b>", "<think/>", "[THINK]", "[/THINK]", "<|channel|>", "<|message|>", "<|end|>", "<|start|>", "analysis", "final", "assistant", "commentary to=x",
        "<|channel>", "<channel|>", "<|START_RESPONSE|>", "<|END_THINKING|>", "◁think▷", "◁/think▷", "<answer>", "</answer>", "`", "``", "```", "~~~", "\"", "“", "”", "'", "(", ")", "\n", "\r\n", " ", "    ", "\t", "\u00A0", "\u200B",
        "a", "b.", "word", "😀", "\uD83D", "\uDE00", "<", "</", "[", "1. ", "**Analyze the Request:**", "Thinking Process:\n\n", "Here is my thought process:", "Here is my response:", "thought\n", "The user", ":",
    ];

    [Fact]
    public void What_is_answer_stays_and_what_is_reasoning_goes()
    {
        for (var seed = FirstSeed; seed < FirstSeed + Answers; seed++)
        {
            var random = new Random(seed);
            var answer = new RandomAnswer(random);
            for (var cutting = 0; cutting < Cuttings; cutting++)
            {
                var filtered = Filtered.Of(cutting == 0 ? [answer.Whole] : Filtered.Pieces(answer.Whole, random), cut: cutting % 2 == 1);
                if (filtered.Text != answer.Text)
                    Assert.Fail($"seed {seed}, of {Shown(answer.Whole)}\n  text {Shown(filtered.Text)}\n  not  {Shown(answer.Text)}");
            }
        }
    }

    [Fact]
    public void However_messy_the_reasoning_is_the_answer_behind_it_stays()
    {
        for (var seed = FirstSeed; seed < FirstSeed + Answers; seed++)
        {
            var random = new Random(seed);
            var answer = new MessyAnswer(random);
            var filtered = Filtered.Of(Filtered.Pieces(answer.Whole, random), cut: random.Next(2) == 0);
            if (filtered.Text != answer.Text)
                Assert.Fail($"seed {seed}, of {Shown(answer.Whole)}\n  text {Shown(filtered.Text)}\n  not  {Shown(answer.Text)}");
        }
    }

    [Fact]
    public void Whatever_comes_the_result_does_not_depend_on_how_it_was_cut()
    {
        for (var seed = FirstSeed; seed < FirstSeed + Answers; seed++)
        {
            var random = new Random(seed);
            var whole = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Scraps[random.Next(Scraps.Length)]));
            var hints = new ReasoningHints(Live: random.Next(2) == 0, CanThink: random.Next(3) switch { 0 => true, 1 => false, _ => null }, Prompt: random.Next(2) == 0 ? "hi" : "What is a <think> tag?");
            var (cut, field) = (random.Next(2) == 0, random.Next(4) == 0 ? whole[..random.Next(whole.Length)] : "");
            var expected = Filtered.Of([whole], hints, cut, field);
            for (var cutting = 0; cutting < Cuttings; cutting++)
            {
                var filtered = Filtered.Of(Filtered.Pieces(whole, random), hints, cut, field);
                if (filtered != expected)
                    Assert.Fail($"seed {seed}, cutting {cutting}, {hints}, of {Shown(whole)}\n  {Shown(filtered.Text)} / {Shown(filtered.Reasoning)}\n  {Shown(expected.Text)} / {Shown(expected.Reasoning)}");
            }
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static string Shown(string text) => System.Text.Json.JsonSerializer.Serialize(text, Relaxed);

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
