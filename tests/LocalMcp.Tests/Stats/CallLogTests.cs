using LocalMcp.State;
using LocalMcp.Stats;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Stats;

/// <summary>The log of calls on a real disk.</summary>
public sealed class CallLogTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryHome home = new();

    private string Folder => Path.Combine(home.Folder, ".local", "state", "local-mcp", "stats");

    [Fact]
    public void A_call_comes_back_as_it_was()
    {
        var call = new CallRecord(Noon, "chat", "ok") { Model = "qwen \"3\"\n", Backend = "ollama", Prompt = 1, Answer = 2, Text = 2, Files = 3, FileTokens = 4, Written = 5, Returned = 6, Seconds = 1.5, FirstToken = 0.5, Speed = 31.5 };
        Log().Append(call);
        Assert.Equal(call, Assert.Single(Log().Since(Noon.AddDays(-1))));
        Assert.Empty(Log().Since(Noon.AddSeconds(1)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "calls-2026-03.jsonl")));
    }

    [Fact]
    public async Task Calls_of_many_sessions_at_once_are_all_there()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(session => Task.Run(() =>
        {
            var log = Log();
            for (var call = 0; call < 50; call++)
                log.Append(new CallRecord(Noon, $"{session}-{call}", "ok"));
        }, TestContext.Current.CancellationToken)));
        Assert.Equal(400, Log().Since(Noon).Select(call => call.Tool).Distinct().Count());
    }

    [Fact]
    public void A_new_month_removes_those_of_more_than_a_year_ago_and_nothing_else()
    {
        foreach (var month in new[] { -14, -13, -12, -1 })
            Log().Append(new CallRecord(Noon.AddMonths(month), "chat", "ok"));
        File.WriteAllText(Path.Combine(Folder, "notes.txt"), "mine");
        Log().Append(new CallRecord(Noon, "chat", "ok"));
        Assert.Equal(["calls-2025-03.jsonl", "calls-2026-02.jsonl", "calls-2026-03.jsonl", "notes.txt"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_month_that_has_grown_too_long_goes_on_in_another_file()
    {
        Log().Append(new CallRecord(Noon, "first", "ok"));
        using (var full = new FileStream(Path.Combine(Folder, "calls-2026-03.jsonl"), FileMode.Append))
            full.SetLength(17 * 1024 * 1024);
        Log().Append(new CallRecord(Noon, "second", "ok"));
        Assert.Contains("second", File.ReadAllText(Path.Combine(Folder, "calls-2026-03-002.jsonl")), StringComparison.Ordinal);
        Assert.Contains("second", Log().Since(Noon).Select(call => call.Tool));
    }

    [Fact]
    public void Lines_that_are_none_are_left_out()
    {
        Log().Append(new CallRecord(Noon, "a", "ok"));
        File.AppendAllText(Path.Combine(Folder, "calls-2026-03.jsonl"), "{\"at\":\n\nnull\n[]\n{}\n");
        Log().Append(new CallRecord(Noon, "b", "ok"));
        Assert.Equal(["a", "b"], Log().Since(Noon).Select(call => call.Tool));
    }

    [Fact]
    public void Nothing_is_kept_where_the_settings_say_so()
    {
        home.WithSettings("""{ "keep_stats": false }""");
        Log().Append(new CallRecord(Noon, "chat", "ok"));
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_costs_no_call()
    {
        Directory.CreateDirectory(Path.Combine(home.Folder, ".local", "state", "local-mcp"));
        File.WriteAllText(Folder, "in the way");
        Log().Append(new CallRecord(Noon, "chat", "ok"));
        Assert.Empty(Log().Since(Noon));
    }

    public void Dispose() => home.Dispose();

    private CallLog Log()
    {
        var environment = home.Environment();
        var clock = new ManualClock();
        clock.Advance(Noon - DateTimeOffset.UnixEpoch);
        return new CallLog(environment, new SettingsFile(environment), clock);
    }
}
