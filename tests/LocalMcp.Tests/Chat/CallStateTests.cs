using LocalMcp.Chat;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Chat;

public sealed class CallStateTests
{
    private readonly ManualClock clock = new();
    private readonly CallState state;

    public CallStateTests() => state = new CallState(clock);

    [Fact]
    public void Before_anything_is_known_the_model_is_looked_for_and_then_the_backend_has_the_word()
    {
        Assert.Equal("looking for the model", state.Words);
        state.Take(new ChatDelta.Progress("queued 2/3"));
        Assert.Equal("queued 2/3", state.Words);
        state.Take(new ChatDelta.Progress("reading prompt 1200/4800"));
        Assert.Equal("reading prompt 1200/4800", state.Words);
    }

    [Fact]
    public void Tokens_are_counted_whatever_they_turn_out_to_be_and_their_speed_is_that_of_the_last_seconds()
    {
        Say(new ChatDelta.Text("a"), 31, 0.1);
        Assert.Equal("31 tok, 10 tok/s", state.Words);
        Say(new ChatDelta.Held(), 100, 0.05);
        Assert.Equal("131 tok, 20 tok/s", state.Words);
    }

    [Fact]
    public void A_single_token_has_no_speed()
    {
        state.Take(new ChatDelta.Text("a"));
        Assert.Equal("1 tok", state.Words);
    }

    [Fact]
    public void A_slow_model_is_told_with_a_decimal_and_a_pause_shows()
    {
        Say(new ChatDelta.Text("a"), 4, 0.4);
        Assert.Equal("4 tok, 2.5 tok/s", state.Words);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("4 tok, 0 tok/s", state.Words);
    }

    [Fact]
    public void While_only_reasoning_comes_it_is_called_so_until_the_answer_begins()
    {
        state.Take(new ChatDelta.Reasoning("hm"));
        state.Take(new ChatDelta.Reasoning("hm"));
        Assert.Equal("reasoning, 2 tok", state.Words);
        // The end of the reasoning is held back for a moment, or was none.
        state.Take(new ChatDelta.Held());
        Assert.Equal("reasoning, 3 tok", state.Words);
        for (var tokens = 0; tokens < 20; tokens++)
            state.Take(new ChatDelta.Held());
        Assert.Equal("23 tok", state.Words);
        state.Take(new ChatDelta.Text("so"));
        Assert.Equal("24 tok", state.Words);
    }

    private void Say(ChatDelta token, int times, double seconds)
    {
        for (var said = 0; said < times; said++)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            state.Take(token);
        }
    }
}
