using LocalMcp.FakeServer;
using LocalMcp.Pull;

namespace LocalMcp.Tests.Pull;

/// <summary>A model from a Hugging Face, or over a network, that does what it should not: what comes is right, or it is not there.</summary>
public sealed class HubFaultTests
{
    private const string File = "model-Q4_K_M.gguf";
    private const int Half = 50 * 1024;

    [Fact]
    public async Task A_connection_that_drops_twice_costs_two_pauses_and_no_byte()
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { DropAfter = 30_000, Drops = 2 };
        await home.PullAsync();
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Equal([null, "bytes=30000-", "bytes=60000-"], home.Hub.Downloads.Select(request => request.Headers.GetValueOrDefault("Range")));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], home.Clock.Pauses);
        Assert.Contains(home.Notes, note => note.EndsWith("The next try is in 1 s.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_drops_again_and_again_ends_the_pull_and_the_next_one_goes_on()
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { DropAfter = 1000 };
        Assert.Contains("6 times in a row. What has come so far stays", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(6000, new FileInfo(home.PathOf(File + ".part")).Length);
        home.Hub.Options = home.Hub.Options with { DropAfter = null };
        await home.PullAsync();
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Equal("bytes=6000-", home.Hub.Downloads[^1].Headers["Range"]);
        Assert.Equal([$"owner/repo/{File}"], home.Files());
    }

    [Fact]
    public async Task As_long_as_much_comes_between_the_drops_it_goes_on()
    {
        var content = PullHome.Model(kilobytes: 24 * 1024);
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { DropAfter = 2_500_000, ClosesInOrder = true };
        await home.PullAsync();
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(1), 10), home.Clock.Pauses);
    }

    [Fact]
    public async Task A_server_that_says_nothing_more_is_left_and_asked_anew()
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { HoldAfter = 30_000 };
        var pull = home.PullAsync();
        var held = await home.Hub.WaitForAsync(request => request.Held, cancellationToken: TestContext.Current.CancellationToken);
        using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (!home.Notes.Any(note => note.Contains(": nothing came for 60 s.", StringComparison.Ordinal)))
            {
                await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
                home.Clock.EndSilence();
            }
        }
        home.Hub.Options = home.Hub.Options with { HoldAfter = null };
        home.Hub.Release();
        await pull;
        Assert.True(held.Aborted);
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
    }

    [Fact]
    public async Task A_server_that_always_begins_anew_and_drops_is_given_up()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model(kilobytes: 12 * 1024)));
        home.Hub.Options = home.Hub.Options with { DropAfter = 8_000_000, IgnoresRanges = true };
        Assert.Contains("times in a row", await home.FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_content_is_removed_and_both_hashes_are_told()
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { Garbles = true };
        var failure = await home.FailureAsync(force: true);
        Assert.Contains($"its sha256 should be {Hash(content)}, and is {Hash([.. content.Select(value => (byte)~value)])}.", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(home.Files(), file => file.EndsWith(".part", StringComparison.Ordinal) || file.EndsWith(".gguf", StringComparison.Ordinal) || file.EndsWith(".json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_part_that_was_damaged_on_the_disk_is_found_out()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        await using (var part = System.IO.File.OpenWrite(home.PathOf(File + ".part")))
            part.WriteByte(0);
        Assert.Contains("came with the wrong content and was removed", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.True((await home.PullAsync()).Came);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    public async Task A_size_that_is_not_that_of_the_list_is_told_with_both(int off)
    {
        var content = PullHome.Model();
        await using var home = await PullHome.WithAsync((File, content));
        home.Hub.Options = home.Hub.Options with { ListedSizeOff = off };
        var failure = await home.FailureAsync(force: true);
        Assert.Contains(FormattableString.Invariant($"should have {content.Length + off:N0} bytes by the list of owner/repo, and the server sends {content.Length:N0}."), failure, StringComparison.Ordinal);
        Assert.DoesNotContain(home.Files(), file => file.EndsWith(".gguf", StringComparison.Ordinal) || file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_without_a_length_is_taken_and_one_that_goes_on_too_long_is_not()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { Surplus = 10 };
        Assert.Contains("and the server sends ", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(home.Files(), file => file.EndsWith(".gguf", StringComparison.Ordinal));
        home.Hub.Options = home.Hub.Options with { Surplus = 0, NoLength = true };
        Assert.True((await home.PullAsync()).Came);
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_it_again_from_the_beginning()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        home.Hub.Options = home.Hub.Options with { IgnoresRanges = true };
        await AssertComesAsync(home, "starts over: the server sends it from the beginning.");
    }

    [Fact]
    public async Task A_server_that_sends_another_part_than_it_was_asked_for_is_asked_for_the_whole()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        home.Hub.Options = home.Hub.Options with { RangeOff = 5 };
        await AssertComesAsync(home, "starts over: the server sent another part than it was asked for.");
    }

    [Fact]
    public async Task A_server_that_refuses_the_range_is_asked_for_the_whole()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        home.Hub.Options = home.Hub.Options with { RefusesRanges = true };
        await AssertComesAsync(home, "starts over: the server has no such part of it.");
    }

    [Fact]
    public async Task A_part_goes_on_where_it_ended_and_says_of_which_version_it_is()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        Assert.Equal(Half, new FileInfo(home.PathOf(File + ".part")).Length);
        await AssertComesAsync(home, null);
        Assert.Equal($"bytes={Half}-", home.Hub.Downloads[^1].Headers["Range"]);
        Assert.NotEmpty(home.Hub.Downloads[^1].Headers["If-Range"]);
    }

    [Fact]
    public async Task A_part_of_another_version_is_never_mixed_with_the_new_one()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model(seed: 1)));
        await home.InterruptAsync(Half);
        home.Hub.Options = home.Hub.Options with { Commit = new string('e', 40), Repositories = HubOptions.With("owner/repo", (File, PullHome.Model(seed: 2))) };
        await AssertComesAsync(home, "starts over: the file has changed on the server since.");
        Assert.Null(home.Hub.Downloads[^1].Headers.GetValueOrDefault("Range"));
    }

    [Fact]
    public async Task A_new_commit_with_the_same_file_goes_on_where_the_old_one_ended()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        home.Hub.Options = home.Hub.Options with { Commit = new string('e', 40) };
        await AssertComesAsync(home, null);
        Assert.Equal($"bytes={Half}-", home.Hub.Downloads[^1].Headers["Range"]);
    }

    [Fact]
    public async Task A_server_that_names_another_version_of_the_rest_is_not_believed()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        home.Hub.Options = home.Hub.Options with { ETag = "\"another\"" };
        await AssertComesAsync(home, "starts over: the server sends it from the beginning.");
    }

    [Fact]
    public async Task A_part_without_notes_is_dropped()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        await home.InterruptAsync(Half);
        await System.IO.File.WriteAllTextAsync(home.PathOf(File + ".part.json"), "{ not");
        await AssertComesAsync(home, "starts over: it is not known of what the part is that is there.");
    }

    [Fact]
    public async Task A_file_that_changes_between_list_and_download_is_noticed()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Fit = (_, _) =>
        {
            home.Hub.Options = home.Hub.Options with { LinkedSha256 = new string('a', 64) };
            return null;
        };
        Assert.Contains($"{File} of owner/repo has changed on the server since it was listed", await home.FailureAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(home.Files(), file => file.EndsWith(".gguf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_commit_that_goes_away_between_list_and_download_is_told()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Fit = (_, _) =>
        {
            home.Hub.Options = home.Hub.Options with { Commit = new string('e', 40) };
            return null;
        };
        Assert.Contains("owner/repo has no such revision (404", await home.FailureAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After", "7")]
    [InlineData("RateLimit", "\"resolvers\";r=0;t=7")]
    public async Task A_server_that_asks_to_wait_is_waited_for(string header, string value)
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { Status = 429, StatusFirst = 1, Headers = new Dictionary<string, string> { [header] = value } };
        await AssertComesAsync(home, null);
        Assert.Equal([TimeSpan.FromSeconds(7)], home.Clock.Pauses);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_for_an_hour_is_not()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { Status = 429, StatusForFiles = true, Headers = new Dictionary<string, string> { ["Retry-After"] = "3600" } };
        Assert.Contains("it answered 429, and asks to wait 1 h 0 min.", await home.FailureAsync(force: true), StringComparison.Ordinal);
        Assert.Empty(home.Clock.Pauses);
    }

    [Fact]
    public async Task A_server_that_is_not_well_is_asked_three_times()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { Status = 503 };
        Assert.Contains("it answered 503, 3 times in a row.", await home.FailureAsync(), StringComparison.Ordinal);
        home.Hub.Options = home.Hub.Options with { StatusFirst = 2 };
        Assert.True((await home.PullAsync()).Came);
    }

    [Fact]
    public async Task A_sign_in_page_of_the_network_is_no_repository()
    {
        await using var home = await PullHome.WithAsync((File, PullHome.Model()));
        home.Hub.Options = home.Hub.Options with { Html = true };
        Assert.Contains("sent something else where the commit of a repository was expected", await home.FailureAsync(), StringComparison.Ordinal);
    }

    private static async Task AssertComesAsync(PullHome home, string? note)
    {
        Assert.True((await home.PullAsync()).Came);
        Assert.Equal(home.Hub.Options.Repositories["owner/repo"][File], await System.IO.File.ReadAllBytesAsync(home.PathOf(File)));
        Assert.Equal([$"owner/repo/{File}"], home.Files());
        if (note is null)
            Assert.DoesNotContain(home.Notes, said => said.Contains("starts over", StringComparison.Ordinal));
        else
            Assert.Contains(home.Notes, said => said == $"{File} {note}");
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
}
