using System.Globalization;
using System.Text;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Chat.Budget;

public sealed class TokenEstimateTests
{
    [Fact]
    public void What_real_tokenizers_counted_lies_between_low_and_high() =>
        Assert.Empty(RecordedCounts.WithFamilies([.. RecordedCounts.OfOthers, .. RecordedCounts.OfOurs])
            .Select(pair => (pair.Row, pair.Family.Name, Count: pair.Family.Count(pair.Row.Tally)))
            .Where(one => one.Row.Tokens < one.Count.Low || one.Row.Tokens > one.Count.High)
            .Select(one => $"{one.Row}: {one.Name} says {one.Count.Low} to {one.Count.High}"));

    [Fact]
    public void Is_within_a_tenth_for_half_of_all_texts_whatever_the_family()
    {
        foreach (var family in TokenFamily.All.Where(family => family != TokenFamily.Unknown))
        {
            var errors = Errors(family).SelectMany(kind => kind.Errors).Select(Math.Abs).Order().ToList();
            Assert.InRange(errors[errors.Count / 2], 0, 0.1);
        }
    }

    [Fact]
    public void The_table_of_the_docs_is_what_the_recorded_counts_say()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "budget.md"));
        Assert.All(Table(), line => Assert.Contains(line, docs, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("qwen3moe", "gpt2", 151_936, "any", "Qwen")]
    [InlineData("qwen35", "gpt2", 248_320, "any", "unknown")]
    [InlineData("llama", "gpt2", 128_256, "any", "Llama 3")]
    [InlineData("llama", "gpt2", 131_072, "any", "unknown")]
    [InlineData("llama", "llama", 32_000, "any", "SentencePiece 32k")]
    [InlineData("llama", "llama", 64_000, "any", "unknown")]
    [InlineData("phi3", "gpt2", 100_352, "any", "Llama 3")]
    [InlineData("gpt-oss", "gpt2", 201_088, "any", "Llama 3")]
    [InlineData("deepseek2", "gpt2", 129_280, "any", "DeepSeek")]
    [InlineData("gemma3", "llama", 262_144, "any", "unknown")]
    [InlineData("qwen2", null, null, "any", "Qwen")]
    [InlineData(null, null, null, "Qwen2.5-Coder-14B-Instruct-4bit", "Qwen")]
    [InlineData(null, null, null, "meta-llama/Llama-3.3-70B-Instruct", "Llama 3")]
    [InlineData(null, null, null, "something-else", "unknown")]
    [InlineData("llama", "llama", 384, "any", null)]
    public void The_family_is_that_of_the_models_tokenizer(string? architecture, string? tokenizer, int? entries, string name, string? family) =>
        Assert.Equal(family, TokenFamily.Of(Model(name, new ModelShape { Architecture = architecture, Tokenizer = tokenizer, Vocabulary = entries }))?.Name);

    [Fact]
    public void No_prompt_is_thought_to_have_more_tokens_than_bytes_and_its_template()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(2_000)).Select(_ => Any(random)));
            foreach (var family in TokenFamily.All)
            {
                var tally = new TextTally();
                tally.Add(text);
                var count = family.Count(tally);
                Assert.True(count is { Low: >= 0 } && count.Low <= count.Expected && count.Expected <= count.High && count.High <= Encoding.UTF8.GetByteCount(text), $"{family.Name}: {count.Low} {count.Expected} {count.High} of {text}");
            }
            ChatMessage[] messages = [new("user", text)];
            Assert.InRange(TokenEstimate.Of(Model(), messages).High, 0, TokenEstimate.Most(messages));
        }
    }

    [Theory]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('x')]
    [InlineData('0')]
    [InlineData('=')]
    public void A_character_that_goes_on_for_ever_can_be_anything_between_few_tokens_and_one_each(char character)
    {
        // 16 blanks, or 80, are one token for some tokenizers; for others each is one.
        var count = TokenEstimate.Of(Model(), new string(character, 100_000));
        Assert.InRange(count.Low, 0, 2_000);
        Assert.InRange(count.High, 30_000, 100_000);
    }

    [Theory]
    [InlineData(7, "about 7")]
    [InlineData(149, "about 150")]
    [InlineData(9_834, "about 9,800")]
    [InlineData(1_234_567, "about 1,200,000")]
    public void An_estimate_is_told_with_two_digits(int tokens, string words) => Assert.Equal(words, new TokenCount(0, tokens, 2 * tokens).ToString());

    [Fact]
    public void A_count_is_told_to_the_token() => Assert.Equal("10,019", TokenCount.Exact(10_019).ToString());

    private static ModelFacts Model(string name = "any", ModelShape? shape = null) => new() { Name = name, Backend = "test", Shape = shape };

    private static string Any(Random random) => random.Next(8) switch
    {
        0 => " ",
        1 => "\n",
        2 => random.Next(100_000).ToString(CultureInfo.InvariantCulture),
        3 => char.ConvertFromUtf32(random.Next(0x80, 0xD7FF)),
        4 => char.ConvertFromUtf32(random.Next(0x10000, 0x10FFFF)),
        5 => ((char)random.Next(0xD800, 0xDFFF)).ToString(),
        6 => new string((char)random.Next(33, 126), random.Next(60)),
        _ => ((char)random.Next('a', 'z')).ToString(),
    };

    // estimate / count - 1, for texts of a hundred tokens and more.
    private static IEnumerable<(string Kind, List<double> Errors)> Errors(TokenFamily family) =>
        RecordedCounts.WithFamilies(RecordedCounts.OfOthers).Where(pair => pair.Family == family && pair.Row.Tokens >= 100)
            .GroupBy(pair => pair.Row.Kind, pair => ((double)family.Count(pair.Row.Tally).Expected / pair.Row.Tokens) - 1)
            .Select(kind => (kind.Key, kind.ToList()));

    private static IEnumerable<string> Table()
    {
        var families = TokenFamily.All.Select(family => Errors(family).ToDictionary(kind => kind.Kind, kind => kind.Errors)).ToList();
        return RecordedCounts.OfOthers.Select(row => row.Kind).Distinct().Order(StringComparer.Ordinal)
            .Select(kind => $"| {kind} | {string.Join(" | ", families.Select(family => family.TryGetValue(kind, out var errors) ? $"{Percent(errors.Min())} to {Percent(errors.Max())}" : "–"))} |");
    }

    private static string Percent(double error) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(error * 100):+0;−0;0}");
}
