using System.Text;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.Models;
using LocalMcp.Workspace;

namespace LocalMcp.Tests.Chat.Budget;

/// <summary>With a tokenizer that has a token for each byte, whose counts are known.</summary>
public sealed class CountedPromptsTests
{
    private static readonly ModelFacts Model = new() { Name = "bytes", Backend = "engine", Shape = new ModelShape { Vocabulary = 300 } };
    private static readonly string Files = string.Join('\n', Enumerable.Range(0, 2_000).Select(line => $"{line}: ein Zähler für alles"));

    private readonly CountedPrompts known = new();

    [Fact]
    public void A_prompt_that_was_counted_is_known_exactly_with_the_context_that_was_told()
    {
        Add(Ask("why?"));
        Assert.Equal(new ChatDelta.Counted(TokenCount.Exact(Tokens(Ask("why?"))), 4_096), known.Find(Model, Ask("why?")));
    }

    [Theory]
    [InlineData("why?", "what does it cost, and who pays for it?")]
    [InlineData("what does it cost, and who pays for it?", "why?")]
    [InlineData("", "über alles")]
    [InlineData("why?", "")]
    public void Another_question_about_the_same_files_is_known_to_within_its_own_length(string first, string second)
    {
        Add(Ask(first));
        var found = known.Find(Model, Ask(second))!.Prompt;
        Assert.InRange(Tokens(Ask(second)), found.Low, found.High);
        Assert.InRange(found.Expected, found.Low, found.High);
        Assert.InRange(found.High - found.Low, 0, 150);
    }

    [Fact]
    public void A_short_prompt_is_not_known_by_a_long_one_whose_tokens_are_longer_than_any_estimate()
    {
        known.Add(Model, new ChatRequest($"Long: {Files}"), 1_000, 4_096);
        Assert.Null(known.Find(Model, new ChatRequest("Short: why?")));
    }

    [Fact]
    public void The_nearest_of_those_that_are_known_counts()
    {
        Add(new ChatRequest(new string('a', 5_000)));
        Add(Ask("why?"));
        Add(new ChatRequest(new string('b', 5_000)));
        Assert.Equal(TokenCount.Exact(Tokens(Ask("why?"))), known.Find(Model, Ask("why?"))!.Prompt);
    }

    [Fact]
    public void A_try_to_repair_an_answer_is_known_to_within_what_it_adds()
    {
        Add(Ask("why?"));
        var repair = Ask("why?") with { Repair = new Repair("{ not JSON", "That is no JSON.") };
        var found = known.Find(Model, repair)!.Prompt;
        Assert.InRange(Tokens(repair), found.Low, found.High);
    }

    [Fact]
    public void Another_model_another_system_prompt_first_or_other_reasoning_is_not_known()
    {
        Add(Ask("why?"));
        Assert.Null(known.Find(Model with { Name = "other" }, Ask("why?")));
        Assert.Null(known.Find(Model, Ask("why?") with { Think = true }));
        Assert.Null(known.Find(Model, Ask("why?") with { System = "Be brief." }));
    }

    [Fact]
    public void The_last_few_are_kept()
    {
        foreach (var number in Enumerable.Range(0, 5))
            Add(new ChatRequest($"{number} {Files}"));
        Assert.True(known.Find(Model, new ChatRequest($"1 {Files}"))!.Prompt.IsExact);
        Assert.NotEqual(true, known.Find(Model, new ChatRequest($"0 {Files}"))?.Prompt.IsExact);
    }

    [Fact]
    public void One_that_is_larger_than_all_that_is_kept_is_kept_alone()
    {
        Add(Ask("why?"));
        var large = new ChatRequest(new string('x', 3_000_000));
        Add(large);
        Assert.True(known.Find(Model, large)!.Prompt.IsExact);
        Assert.NotEqual(true, known.Find(Model, Ask("why?"))?.Prompt.IsExact);
    }

    private static ChatRequest Ask(string question) => new(question) { Files = new FileSet([new QuotedFile("a.txt", Files)], []) };

    private void Add(ChatRequest request) => known.Add(Model, request, Tokens(request), 4_096);

    // And some for the marks of the template.
    private static int Tokens(ChatRequest request) => request.Messages.Sum(message => Encoding.UTF8.GetByteCount(message.Content) + 6);
}
