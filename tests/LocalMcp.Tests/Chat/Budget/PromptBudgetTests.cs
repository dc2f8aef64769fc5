using LocalMcp.Backends;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.State;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Chat.Budget;

public sealed class PromptBudgetTests
{
    private static readonly ChatRequest Hello = new("hello");

    [Theory]
    [InlineData(100, 4_096, 3_996)]
    [InlineData(4_095, 4_096, 1)]
    public void A_count_leaves_exactly_the_rest(int prompt, int context, int room) =>
        Assert.Equal(room, PromptBudget.Fit(Hello, TokenCount.Exact(prompt), context).Room);

    [Fact]
    public void A_prompt_that_fills_the_context_leaves_no_token_for_the_answer() =>
        Assert.Equal(new Overflow(TokenCount.Exact(4_096), 4_096), Assert.Throws<BackendException>(() => PromptBudget.Fit(Hello, TokenCount.Exact(4_096), 4_096)).Overflow);

    [Theory]
    [InlineData(800, 1_000, 1_300, 2_796)]
    [InlineData(3_000, 3_800, 4_900, 148)]
    [InlineData(4_000, 5_000, 6_500, 1)]
    public void An_estimate_leaves_what_is_certain_and_where_it_might_not_fit_half_of_what_is_likely(int low, int expected, int high, int room) =>
        Assert.Equal(room, PromptBudget.Fit(Hello, new TokenCount(low, expected, high), 4_096).Room);

    [Fact]
    public void An_estimate_refuses_only_what_cannot_fit()
    {
        PromptBudget.Fit(Hello, new TokenCount(4_095, 5_000, 6_000), 4_096);
        Assert.Throws<BackendException>(() => PromptBudget.Fit(Hello, new TokenCount(4_096, 5_000, 6_000), 4_096));
    }

    [Fact]
    public void Max_tokens_are_bounded_to_the_room()
    {
        Assert.Equal(96, PromptBudget.Fit(Hello with { MaxTokens = 2_000 }, TokenCount.Exact(4_000), 4_096).MostTokens);
        Assert.Equal(50, PromptBudget.Fit(Hello with { MaxTokens = 50 }, TokenCount.Exact(4_000), 4_096).MostTokens);
    }

    [Fact]
    public void The_largest_files_come_first_with_the_tokens_that_they_are_and_the_one_that_is_just_large_enough_is_left_out()
    {
        var words = Words(TokenCount.Exact(10_000), 8_192, ("src/Parser.cs", 400), ("tests/ParserTests.cs", 200), ("README.md", 100), ("LICENSE", 10));
        // 714 lines are the 10,000 tokens.
        Assert.StartsWith("The prompt has 10,000 tokens, and this model is served with a context of 8,192 by engine. Largest: src/Parser.cs 5,6", words, StringComparison.Ordinal);
        Assert.Matches(@", tests/ParserTests\.cs 2,8\d\d, README\.md 1,3\d\d\. It fits without src/Parser\.cs, or with no more than 200 of the 400 lines of src/Parser\.cs\. Or more\.$", words);
    }

    [Fact]
    public void One_file_of_several_is_enough_where_it_is_large_enough() =>
        Assert.Contains("It fits without tests/ParserTests.cs, or", Words(TokenCount.Exact(10_000), 8_900, ("src/Parser.cs", 400), ("tests/ParserTests.cs", 200), ("README.md", 100)), StringComparison.Ordinal);

    [Fact]
    public void Several_files_are_named_where_one_is_not_enough() =>
        Assert.Contains("It fits without a.cs, b.cs. Or", Words(TokenCount.Exact(12_000), 7_000, ("a.cs", 100), ("b.cs", 100), ("c.cs", 100)), StringComparison.Ordinal);

    [Fact]
    public void A_prompt_that_is_too_long_by_itself_is_told_so() =>
        Assert.Contains("Not even leaving out all files would be enough: make the rest shorter too.", Words(TokenCount.Exact(50_000), 4_096, new string('.', 1) + string.Concat(Enumerable.Repeat("word ", 30_000)), ("a.cs", 100)), StringComparison.Ordinal);

    [Fact]
    public void Without_files_it_says_by_how_much_to_shorten() =>
        Assert.Contains("Make it shorter by about 6,900 tokens.", Words(TokenCount.Exact(10_019), 4_096), StringComparison.Ordinal);

    [Fact]
    public void What_to_cut_of_an_estimate_is_no_more_than_the_estimate() =>
        Assert.Contains("Make it shorter by about 9,000 tokens.", Words(new TokenCount(8_000, 10_000, 15_000), 2_048), StringComparison.Ordinal);

    [Fact]
    public void A_large_file_is_enough_to_leave_out_though_its_tokens_are_an_estimate() =>
        Assert.Contains("It fits without large.cs", Words(new TokenCount(8_000, 10_000, 15_000), 4_096, ("large.cs", 600), ("small.cs", 5)), StringComparison.Ordinal);

    [Theory]
    [InlineData(10_019, null, "The prompt has 10,019 tokens, and this model is served with a smaller context by engine. Send less.")]
    public void What_a_server_did_not_say_is_not_made_up(int prompt, int? context, string words) => Assert.StartsWith(words, Words(TokenCount.Exact(prompt), context), StringComparison.Ordinal);

    [Fact]
    public void A_larger_context_is_told_with_the_memory_that_it_needs()
    {
        var shape = new ModelShape { WeightBytes = 8_000_000_000, EmbeddingLength = 4096, FeedForwardLength = 12_288, Heads = 32, KvHeads = 8, KeyLength = 128, ValueLength = 128, Layers = 36, Vocabulary = 151_936, Cache = [new LayerCache(36, 1024, 1024, null)], RecurrentElements = 0, Experts = 0, UsedExperts = 0 };
        var machine = new MachineProfile(32_000_000_000, 3_100_000_000, 4);
        var model = new ModelFacts { Name = "m", Backend = "ollama", Shape = shape, TrainedContext = 32_768 };
        // 8,192 more cells of 36 × 2,048 numbers of 2 bytes are 1.2 GB.
        Assert.Equal("Or use 12288 (needs 1.2 GB more; 3.1 GB are free).", ContextAdvice.Of(model, 12_288, 4_096, tokens => $"use {tokens}", new Settings(), machine));
        Assert.Equal("Or use 12288.", ContextAdvice.Of(model with { Shape = null }, 12_288, 4_096, tokens => $"use {tokens}", new Settings(), machine));
        Assert.Equal("Or use 32768.", ContextAdvice.Of(model, 40_000, 4_096, tokens => $"use {tokens}", new Settings(), null));
        Assert.Equal("It was trained for no more than 32,768.", ContextAdvice.Of(model, 40_000, 32_768, tokens => $"use {tokens}", new Settings(), null));
    }

    [Fact]
    public void An_engine_that_took_a_smaller_context_for_lack_of_memory_is_not_told_to_take_a_larger_one() =>
        Assert.StartsWith("The engine chose that context by the free memory", ContextAdvice.Of(new ModelFacts { Name = "m", Backend = "engine" }, 12_288, 4_096, tokens => $"use {tokens}", new Settings(), null), StringComparison.Ordinal);

    private static string Words(TokenCount prompt, int? context, params (string Name, int Lines)[] files) => Words(prompt, context, "Explain.", files);

    private static string Words(TokenCount prompt, int? context, string question, params (string Name, int Lines)[] files)
    {
        var model = new ModelFacts { Name = "m", Backend = "engine" };
        var quoted = files.Select(file => FileQuote.Whole(file.Name, string.Concat(Enumerable.Range(0, file.Lines).Select(line => $"    public int Property{line} => {line} * 7;\n")))).ToList();
        var request = new ChatRequest(question) { Files = new FileSet(quoted, []) };
        return new BudgetWords(request, new Overflow(prompt, context), TokenEstimate.Of(model, request.Messages), text => TokenEstimate.Of(model, text)).Sentences("engine", "Or more.");
    }
}
