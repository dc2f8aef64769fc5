using LocalMcp.Keeper;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>One engine for all sessions of a user: real sessions, a real keeper, a real llama-server.</summary>
public sealed class SharedEngineTests : IDisposable
{
    private readonly EngineHome home = new();

    [Fact]
    public async Task Ten_sessions_that_start_in_the_same_instant_share_one_keeper_and_one_engine()
    {
        home.Says("one", "I am one.");
        var houses = Enumerable.Range(0, 10).Select(_ => home.House()).ToList();
        var replies = await Task.WhenAll(houses.Select(house => Task.Run(() => house.AskAsync("hi", "one"))));
        Assert.All(replies, reply => Assert.Equal("I am one.", reply.Text));
        var status = await home.StatusWhenAsync(s => s.Leases == 10);
        Assert.Single(status.Residents);
        Assert.Single(home.Place.EngineFolders);
        foreach (var house in houses)
            await house.DisposeAsync();
        await home.StatusWhenAsync(s => s is { Leases: 0, EndsInSeconds: > 500 });
    }

    [Fact]
    public async Task Calls_beyond_the_slots_queue_in_the_order_of_arrival_and_are_told_their_place()
    {
        home.NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 2 } }""");
        await using var house = home.House();
        using var first = new LongAnswer(house, "endless");
        using var second = new LongAnswer(house, "endless");
        await Task.WhenAll(first.HasBegunAsync(), second.HasBegunAsync());
        var (told, both) = (new List<string>(), new TaskCompletionSource());
        using var third = new LongAnswer(house, "endless", words => Tell($"third {words}"));
        await home.StatusWhenAsync(s => s.Queue == 1);
        using var fourth = new LongAnswer(house, "endless", words => Tell($"fourth {words}"));
        await both.Task;
        await first.StopAsync();
        await third.HasBegunAsync();
        Assert.False(fourth.Reply.IsCompleted);
        Assert.Equal(1, (await home.StatusAsync()).Queue);
        await second.StopAsync();
        await fourth.HasBegunAsync();
        await third.StopAsync();
        await fourth.StopAsync();
        Assert.Equal(2, (await home.StatusWhenAsync(s => s.Residents[0].Running == 0)).Residents[0].Slots);

        void Tell(string words)
        {
            lock (told)
            {
                told.Add(words);
                if (told.Contains("third queued 1/2") && told.Contains("fourth queued 2/2"))
                    both.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task Another_model_waits_for_the_running_answers_and_then_takes_their_place()
    {
        home.NeverEnds("endless").Says("two", "I am two.");
        await using var house = home.House();
        using var running = new LongAnswer(house, "endless");
        await running.HasBegunAsync();
        var waits = new TaskCompletionSource();
        var other = house.AskAsync("hi", "two", watch: delta =>
        {
            if (delta is LocalMcp.Chat.ChatDelta.Progress { Message: "waiting until endless has finished an answer" })
                waits.TrySetResult();
        });
        await waits.Task;
        // Who comes later for the resident model does not overtake.
        using var later = new LongAnswer(house, "endless");
        await home.StatusWhenAsync(s => s.Queue == 2);
        Assert.False(other.IsCompleted);
        await running.StopAsync();
        Assert.Equal("I am two.", (await other).Text);
        await later.HasBegunAsync();
        Assert.Single((await home.StatusAsync()).Residents);
        await later.StopAsync();
    }

    [Fact]
    public async Task A_model_that_somebody_waits_for_further_ahead_is_not_sent_away_for_a_later_call()
    {
        home.NeverEnds("endless").Says("two", "I am two.").WithSettings("""{ "engine": { "parallel": 1 } }""");
        await using var house = home.House();
        using var first = new LongAnswer(house, "endless");
        await first.HasBegunAsync();
        var engine = (await home.StatusAsync()).Residents[0].ProcessId;
        using var second = new LongAnswer(house, "endless");
        await home.StatusWhenAsync(s => s.Queue == 1);
        var other = house.AskAsync("hi", "two");
        await home.StatusWhenAsync(s => s.Queue == 2);
        await first.StopAsync();
        await second.HasBegunAsync();
        Assert.Equal(engine, (await home.StatusAsync()).Residents[0].ProcessId);
        await second.StopAsync();
        Assert.Equal("I am two.", (await other).Text);
    }

    [Fact]
    public async Task A_file_that_was_replaced_under_the_same_name_is_loaded_anew()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
        home.Says("new", "I am another one.");
        File.Move(home.Model("new"), home.Model("one"), overwrite: true);
        Assert.Equal("I am another one.", (await house.AskAsync("hi", "one")).Text);
    }

    [Fact]
    public async Task Calls_of_one_session_that_come_at_once_hold_one_lease()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => house.AskAsync("hi", "one")));
        await home.StatusWhenAsync(s => s is { Leases: 1, Residents: [{ Running: 0 }] });
    }

    [Fact]
    public async Task Two_models_are_resident_where_the_settings_allow_it_and_the_third_replaces_the_one_used_longest_ago()
    {
        home.Says("one", "I am one.").Says("two", "I am two.").Says("three", "I am three.").WithSettings("""{ "engine": { "max_resident_models": 2 } }""");
        await using var house = home.House();
        foreach (var name in new[] { "one", "two", "one", "three" })
            Assert.Equal($"I am {name}.", (await house.AskAsync("hi", name)).Text);
        Assert.Equal(["one", "three"], (await home.StatusAsync()).Residents.Select(r => r.Model).Order());
    }

    [Fact]
    public async Task The_listing_knows_what_is_resident_and_starts_nothing()
    {
        home.Says("one", "I am one.").Says("two", "I am two.").WithSettings("""{ "context_length": 2048 }""");
        await using var house = home.House();
        Assert.All((await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Models, m => Assert.False(m.Loaded));
        Assert.Null(await home.Link.StatusAsync(TestContext.Current.CancellationToken));
        await house.AskAsync("hi", "two");
        var models = (await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Models;
        Assert.Equal([("one", false, 2048), ("two", true, 2048)], models.Take(2).Select(m => (m.Name, m.Loaded!.Value, m.ContextLength!.Value)));
    }

    [Fact]
    public async Task Changed_settings_are_in_force_for_the_next_call()
    {
        home.Says("one", "I am one.").WithSettings("""{ "context_length": 1024, "engine": { "parallel": 1 } }""");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var before = (await home.StatusAsync()).Residents[0];
        home.WithSettings("""{ "context_length": 2048, "engine": { "parallel": 3 } }""");
        await house.AskAsync("hi", "one");
        var after = (await home.StatusAsync()).Residents[0];
        Assert.Equal((1024, 1, 2048, 3), (before.Context, before.Slots, after.Context, after.Slots));
    }

    [Fact]
    public async Task Broken_settings_are_told_by_the_keeper_too()
    {
        home.Says("one", "I am one.");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        home.WithSettings("""{ "engine": { "threds": 2 } }""");
        Assert.Contains("\"engine.threds\" is not a setting; at this place it expects idle_seconds", await house.FailureAsync("hi", "one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ps_shows_model_engine_memory_leases_clock_and_command_line_and_stop_ends_it()
    {
        home.Says("one", "I am one.");
        Assert.Equal("The engine does not run. The next question to one of its models starts it.\n", (await Verb.RunAsync(home.Home, home.Variables, "ps")).Output);
        Assert.Equal("The engine does not run.\n", (await Verb.RunAsync(home.Home, home.Variables, "stop")).Output);
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var ps = (await Verb.RunAsync(home.Home, home.Variables, "ps")).Output;
        Assert.Matches(@"^one: ready, 0 answers running in \d slots, context 4,096 each\n  engine   llama-server .+, process \d+\n  memory   [\d.]+ [MG]B resident, freed in \d+ min \d+ s unless it is used\n  command  /.+/llama-server --model /.+/one\.gguf .+\nkeeper \d+\.\d+\.\d+, process \d+: 1 session holds it\n$", ps);
        var status = await home.StatusAsync();
        Assert.Equal("The engine is stopped, and one out of memory.\n", (await Verb.RunAsync(home.Home, home.Variables, "stop")).Output);
        await Gone.ProcessAsync(status.Residents[0].ProcessId!.Value);
        await Gone.ProcessAsync(status.ProcessId);
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
    }

    [Fact]
    public async Task Stopping_in_the_middle_of_an_answer_names_what_ended_it_and_wakes_nothing()
    {
        home.NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 1 } }""");
        await using var house = home.House();
        using var answer = new LongAnswer(house, "endless");
        await answer.HasBegunAsync();
        var waiting = house.FailureAsync("hi", "endless");
        await home.StatusWhenAsync(s => s.Queue == 1);
        await home.Home.StopEngineAsync();
        Assert.Equal("The engine was ended with `local-mcp stop` before this call had its turn. Ask again, the next call starts a fresh one.", await waiting);
        Assert.Contains("The engine was ended with `local-mcp stop` in the middle of the call", (await answer.Reply).Trouble, StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();
}
