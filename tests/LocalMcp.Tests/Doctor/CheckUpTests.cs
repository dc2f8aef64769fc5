using LocalMcp.Doctor;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Doctor;

public sealed class CheckUpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Checks_come_in_their_order_whichever_is_done_first()
    {
        var second = new TaskCompletionSource();
        var checks = await RunAsync(
            Examination.Of("first", async _ =>
            {
                await second.Task;
                return Check.Good("first", "waited");
            }),
            Examination.Of("second", () =>
            {
                second.SetResult();
                return Check.Note("second", "was done first");
            }));
        Assert.Equal(["first", "second"], checks.Select(check => check.Title));
    }

    [Fact]
    public async Task A_check_that_throws_is_a_bad_result_that_names_the_exception_and_the_others_go_on()
    {
        var checks = await RunAsync(Examination.Of("broken", () => throw new InvalidOperationException("Two lines\nof trouble.")), Examination.Of("sound", () => Check.Good("sound", "is")));
        Assert.Equal((Verdict.Bad, "the check itself failed, InvalidOperationException: Two lines of trouble"), (checks[0].Verdict, checks[0].Finding));
        Assert.NotNull(checks[0].NextStep);
        Assert.Equal(Verdict.Good, checks[1].Verdict);
    }

    [Fact]
    public async Task A_failure_that_we_have_words_for_is_told_in_them_with_its_next_step()
    {
        var check = Assert.Single(await RunAsync(Examination.Of("known", () => throw new LocalMcpException("It is gone. It was there. Bring it back."))));
        Assert.Equal(new Check("known", Verdict.Bad, "It is gone. It was there", "Bring it back."), check);
    }

    [Fact]
    public async Task What_another_check_tells_of_is_no_second_failure()
    {
        var check = Assert.Single(await RunAsync(Examination.Of("later", () => throw new NotCheckedException("because the settings are not valid"))));
        Assert.Equal(Check.Note("later", "not checked, because the settings are not valid"), check);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_check_that_hangs_is_a_bad_result_when_its_time_is_up(bool hearsOfIt)
    {
        var clock = new ManualClock();
        var never = new TaskCompletionSource<Check>();
        Examination[] examinations = [Examination.Of("sound", () => Check.Good("sound", "is")), Examination.Of("stuck", limit => hearsOfIt ? never.Task.WaitAsync(limit) : never.Task)];
        await using var checks = new CheckUp(examinations, Patience, clock).RunAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await checks.MoveNextAsync());
        Assert.Equal(Verdict.Good, checks.Current.Verdict);
        var stuck = checks.MoveNextAsync().AsTask();
        Assert.False(stuck.IsCompleted);
        clock.Advance(Patience);
        Assert.True(await stuck);
        Assert.Equal((Verdict.Bad, "no result within 30 s, so it was left"), (checks.Current.Verdict, checks.Current.Finding));
        Assert.False(await checks.MoveNextAsync());
    }

    [Fact]
    public async Task The_callers_cancellation_is_no_result()
    {
        using var caller = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var running = new CheckUp([Examination.Of("waits", async _ =>
        {
            begun.SetResult();
            await new TaskCompletionSource().Task;
            return Check.Good("waits", "never");
        })], Patience, new ManualClock()).RunAsync(caller.Token).ToListAsync(TestContext.Current.CancellationToken).AsTask();
        await begun.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_cancellation_of_its_own_is_a_failure_of_the_check()
    {
        var check = Assert.Single(await RunAsync(Examination.Of("odd", () => throw new OperationCanceledException("for no reason"))));
        Assert.Contains("OperationCanceledException", check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_wrote_into_a_name_cannot_break_its_line()
    {
        var check = Assert.Single(await RunAsync(Examination.Of("name", () => Check.Note("name", "a\r\n✓ b\u001b[31m", "c\nd"))));
        Assert.Equal(Check.Note("name", "a ✓ b[31m", "c d"), check);
    }

    [Fact]
    public void A_report_has_the_worst_verdict()
    {
        Assert.Equal(Verdict.Good, Report.Of([Check.Good("a", "b")]).Verdict);
        Assert.Equal(Verdict.Note, Report.Of([Check.Note("a", "b"), Check.Good("a", "b")]).Verdict);
        Assert.Equal(Verdict.Bad, Report.Of([Check.Bad("a", "b"), Check.Note("a", "b")]).Verdict);
    }

    private static async Task<IReadOnlyList<Check>> RunAsync(params Examination[] examinations) =>
        await new CheckUp(examinations, Patience, new ManualClock()).RunAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
