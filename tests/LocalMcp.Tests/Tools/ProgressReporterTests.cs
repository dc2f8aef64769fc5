using LocalMcp.Chat;
using LocalMcp.Tests.Support;
using LocalMcp.Tools;
using ModelContextProtocol;

namespace LocalMcp.Tests.Tools;

public sealed class ProgressReporterTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly Client client;
    private readonly ProgressReporter reporter;

    public ProgressReporterTests()
    {
        client = new Client(clock);
        reporter = new ProgressReporter(client, clock);
    }

    [Fact]
    public void Nothing_is_told_twice_within_a_second_and_the_newest_state_comes_through_then()
    {
        reporter.Watch(new ChatDelta.Progress("queued 2/3"));
        reporter.Watch(new ChatDelta.Progress("queued 1/3"));
        reporter.Watch(new ChatDelta.Progress("loading 42 %"));
        Assert.Equal(["queued 2/3"], client.Words);
        clock.Advance(TimeSpan.FromSeconds(0.4));
        reporter.Watch(new ChatDelta.Progress("loading 43 %"));
        clock.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Equal(["queued 2/3", "loading 43 %"], client.Words);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        reporter.Watch(new ChatDelta.Progress("reading prompt 1200/4800"));
        Assert.Equal("reading prompt 1200/4800", client.Words[^1]);
    }

    [Fact]
    public void In_silence_the_same_is_told_again_with_the_time_that_has_passed()
    {
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(["looking for the model"], client.Words);
        reporter.Watch(new ChatDelta.Progress("loading one"));
        for (var seconds = 0; seconds < 60; seconds++)
            clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["loading one", "loading one, 9 s", "loading one, 13 s"], client.Words[1..4]);
        Assert.All(client.Told.Zip(client.Told.Skip(1)), two => Assert.InRange((two.Second.At - two.First.At).TotalSeconds, 1, 5));
        Assert.True((TimeSpan.FromTicks(clock.GetTimestamp()) - client.Told[^1].At).TotalSeconds < 5);
    }

    [Fact]
    public void The_numbers_rise_with_each()
    {
        for (var tokens = 0; tokens < 1_000; tokens++)
        {
            reporter.Watch(new ChatDelta.Text("a"));
            clock.Advance(TimeSpan.FromSeconds(0.03));
        }
        Assert.InRange(client.Told.Count, 20, 31);
        Assert.All(client.Told.Zip(client.Told.Skip(1)), two => Assert.True(two.First.Number < two.Second.Number));
        Assert.All(client.Told.Zip(client.Told.Skip(1)), two => Assert.True(two.Second.At - two.First.At >= TimeSpan.FromSeconds(1)));
        Assert.Matches(@"^\d+ tok, 33 tok/s$", client.Words[^1]);
    }

    [Fact]
    public void After_the_answer_nothing_is_told_any_more()
    {
        reporter.Watch(new ChatDelta.Progress("loading one"));
        reporter.Watch(new ChatDelta.Progress("queued 1/1"));
        reporter.Dispose();
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["loading one"], client.Words);
    }

    public void Dispose() => reporter.Dispose();

    private sealed class Client(ManualClock clock) : IProgress<ProgressNotificationValue>
    {
        public List<(TimeSpan At, double Number, string Words)> Told { get; } = [];

        public List<string> Words => [.. Told.Select(told => told.Words)];

        public void Report(ProgressNotificationValue value) => Told.Add((TimeSpan.FromTicks(clock.GetTimestamp()), value.Progress, value.Message!));
    }
}
