using LocalMcp.Chat;
using LocalMcp.Chat.Budget;

namespace LocalMcp.Tests.Chat.Budget;

public sealed class SilentCutTests
{
    private static readonly TokenCount Long = new(7_600, 9_834, 12_700);

    [Fact]
    public void A_count_far_below_ours_is_perhaps_a_cut_where_the_context_is_unknown()
    {
        var found = SilentCut.Of(Long, null, new Usage(2_050, 6), cached: false)!;
        Assert.False(found.IsCertain);
        Assert.StartsWith("The server says that it read 2,050 prompt tokens, and by our estimate there were about 9,800, at least 7,600: it seems to have cut the prompt", found.Sentence, StringComparison.Ordinal);
        Assert.True(SilentCut.Of(TokenCount.Exact(9_834), null, new Usage(2_050, 6), cached: false)!.IsCertain);
    }

    [Fact]
    public void A_count_far_below_ours_is_a_cut() =>
        Assert.Equal("The server read 2,050 of about 9,800 prompt tokens: it cut the prompt without saying so. The answer is about a part of what was sent. Send less, or raise the context length that the model is served with.", Find(Long, 4_096, 2_050));

    [Fact]
    public void A_count_within_our_margin_is_none() => Assert.Null(Find(Long, 16_384, 7_700));

    [Fact]
    public void What_surely_fits_cannot_have_been_cut() => Assert.Null(Find(new TokenCount(2_000, 2_500, 3_200), 4_096, 30));

    [Fact]
    public void Nobody_cuts_a_short_prompt() => Assert.Null(Find(new TokenCount(100, 150, 200), null, 3));

    [Fact]
    public void A_server_that_counts_nothing_says_nothing() => Assert.Null(SilentCut.Of(Long, 4_096, new Usage(), cached: false));

    [Theory]
    [InlineData(12)]
    [InlineData(900)]
    public void A_small_count_of_a_prompt_that_was_sent_before_may_leave_out_what_was_cached(int read) => Assert.Null(Find(Long, 4_096, read, cached: true));

    [Fact]
    public void A_server_without_a_known_context_that_may_have_cached_it_is_believed() => Assert.Null(Find(Long, null, 2_050, cached: true));

    [Fact]
    public void A_count_as_large_as_what_a_cut_leaves_is_a_cut_even_then() => Assert.NotNull(Find(Long, 4_096, 2_050, cached: true));

    [Fact]
    public void Cached_tokens_that_the_server_tells_apart_are_not_missing() =>
        Assert.Null(SilentCut.Of(Long, 4_096, new Usage(1_100, 5) { CachedTokens = 8_000 }, cached: true));

    [Fact]
    public void An_exact_count_is_compared_to_the_token_but_for_the_template()
    {
        Assert.Null(Find(TokenCount.Exact(3_000), 4_096, 2_990));
        Assert.NotNull(Find(TokenCount.Exact(3_000), 4_096, 2_900));
    }

    [Fact]
    public void An_answer_beyond_the_context_was_written_without_the_beginning()
    {
        Assert.StartsWith("The server dropped a part of the text without saying so: prompt and answer have 4,400 tokens, and its context has 4,096.", SilentCut.Of(new TokenCount(3_000, 3_900, 4_400), 4_096, new Usage(3_900, 500), cached: false)!.Sentence, StringComparison.Ordinal);
        Assert.Null(SilentCut.Of(TokenCount.Exact(3_900), 4_096, new Usage(3_900, 196), cached: false));
    }

    private static string? Find(TokenCount prompt, int? context, int read, bool cached = false) => SilentCut.Of(prompt, context, new Usage(read, 6), cached)?.Sentence;
}
