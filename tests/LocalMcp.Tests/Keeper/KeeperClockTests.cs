using LocalMcp.Keeper;
using LocalMcp.Machine;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>A keeper in this process, with a clock and a machine of the test's; sessions and engine are real.</summary>
public sealed class KeeperClockTests : IAsyncDisposable
{
    private readonly EngineHome home = new();
    private readonly ManualClock clock = new();
    private readonly CancellationTokenSource end = new();
    private MachineProfile machine = MachineProfile.Read();
    private KeeperServer? keeper;
    private Task<bool>? running;

    [Fact]
    public async Task Weights_leave_the_memory_after_their_time_and_the_next_call_loads_them_again_with_progress()
    {
        home.Says("one", "I am one.");
        await StartAsync();
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        // The answer may be read before the keeper has heard that its turn is over.
        var engine = (await home.StatusWhenAsync(s => s.Residents is [{ UnloadsInSeconds: 300 }])).Residents[0].ProcessId!.Value;
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(1, (await home.StatusAsync()).Residents[0].UnloadsInSeconds);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Gone.ProcessAsync(engine);
        await home.StatusWhenAsync(s => s is { Leases: 1, Residents: [] });
        var told = new List<string>();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one", watch: delta => told.Add((delta as LocalMcp.Chat.ChatDelta.Progress)?.Message ?? ""))).Text);
        Assert.Contains("loading one", told);
    }

    [Fact]
    public async Task Without_anybody_keeper_and_engine_end_after_the_idle_time_and_not_before()
    {
        home.Says("one", "I am one.").WithSettings("""{ "engine": { "idle_seconds": 100, "unload_seconds": 1000 } }""");
        await StartAsync();
        await using (var house = home.House())
        {
            await house.AskAsync("hi", "one");
            await home.StatusWhenAsync(s => s.Residents is [{ Running: 0 }]);
            clock.Advance(TimeSpan.FromSeconds(500));
        }
        var status = await home.StatusWhenAsync(s => s.EndsInSeconds == 100);
        clock.Advance(TimeSpan.FromSeconds(99));
        Assert.Single((await home.StatusAsync()).Residents);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await running!);
        await Gone.ProcessAsync(status.Residents[0].ProcessId!.Value);
        Assert.False(File.Exists(home.Place.Socket));
    }

    [Fact]
    public async Task A_keeper_that_nobody_ever_came_to_does_not_wait_as_long()
    {
        await StartAsync();
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, (await home.StatusAsync()).EndsInSeconds);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await running!);
    }

    [Fact]
    public async Task A_second_keeper_sees_that_there_is_one_and_goes()
    {
        await StartAsync();
        using var second = Keeper();
        Assert.False(await second.RunAsync(() => Assert.Fail("It must not listen."), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_engine_that_always_fails_is_tried_again_later_and_later_and_the_third_time_says_so()
    {
        var program = Path.Combine(home.Home.Folder, "llama-server");
        KeeperFaultTests.WriteProgram(program, """
            case $1 in
              --help) echo "--model FNAME  the model" ;;
              --version) echo "version: 1 (of its own kind)" ;;
              *) echo "ggml: error: out of luck" >&2; exit 7 ;;
            esac
            """);
        home.Says("one", "I am one.").WithSettings($$"""{ "engine_program": "{{program}}" }""");
        await StartAsync();
        await using var house = home.House();
        Assert.EndsWith("choose another model with set_model.", await house.FailureAsync("hi", "one"), StringComparison.Ordinal);
        Assert.EndsWith("choose another model with set_model.", await house.FailureAsync("hi", "one"), StringComparison.Ordinal);
        var third = await house.FailureAsync("hi", "one");
        Assert.Contains("The engine (llama-server) could not load one: it said \"ggml: error: out of luck\".", third, StringComparison.Ordinal);
        Assert.EndsWith("That was failure 3 in a row; the next try waits 5 s.", third, StringComparison.Ordinal);
        var waits = new TaskCompletionSource();
        var fourth = Assert.ThrowsAnyAsync<LocalMcpException>(() => house.AskAsync("hi", "one", watch: delta =>
        {
            if (delta is LocalMcp.Chat.ChatDelta.Progress { Message: var words } && words.Contains("has failed 3 times in a row with one, so the next try waits 5 s (last: ", StringComparison.Ordinal))
                waits.TrySetResult();
        }));
        await waits.Task;
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.EndsWith("That was failure 4 in a row; the next try waits 10 s.", (await fourth).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_fit_is_refused_with_the_numbers_before_it_is_loaded()
    {
        home.Says("one", "I am one.");
        machine = new MachineProfile(30_000, 20_000, 4);
        await StartAsync();
        await using var house = home.House();
        var failure = await house.FailureAsync("hi", "one");
        Assert.Contains("one is too big for this machine now, by our estimate: it needs ", failure, StringComparison.Ordinal);
        Assert.Contains("Choose a smaller model or quantization with set_model", failure, StringComparison.Ordinal);
        Assert.Empty(home.Place.EngineFolders);
        home.WithSettings("""{ "engine": { "check_memory": false } }""");
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
    }

    [Fact]
    public async Task Nobody_has_to_go_for_a_model_that_can_never_come()
    {
        home.Says("one", "I am one.").Says("big", new string('x', 3_000));
        machine = new MachineProfile(new FileInfo(home.Model("one")).Length + 6_000_000, null, 4);
        await StartAsync();
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        machine = machine with { TotalMemory = 10_000 };
        Assert.Contains("big is too big for this machine, by our estimate", await house.FailureAsync("hi", "big"), StringComparison.Ordinal);
        Assert.Equal("one", Assert.Single((await home.StatusAsync()).Residents).Model);
    }

    [Fact]
    public async Task A_session_that_neither_reads_nor_leaves_loses_its_slot_after_the_limit_for_a_call()
    {
        home.Says("one", "I am one.").WithSettings("""{ "limits": { "call_minutes": 2 }, "engine": { "parallel": 1 } }""");
        await StartAsync();
        using var silent = (await home.Link.FindAsync(TestContext.Current.CancellationToken))!;
        await silent.SendAsync(new Wish.Run(new WantedModel("one", home.Model("one"), File.GetLastWriteTimeUtc(home.Model("one")).Ticks)), TestContext.Current.CancellationToken);
        await home.StatusWhenAsync(s => s.Residents is [{ Running: 1 }]);
        clock.Advance(TimeSpan.FromMinutes(4));
        await home.StatusWhenAsync(s => s.Residents is [{ Running: 0 }] or []);
        await using var house = home.House();
        Assert.Equal("I am one.", (await house.AskAsync("hi", "one")).Text);
    }

    [Fact]
    public async Task A_second_model_that_does_not_fit_beside_the_first_takes_its_place_instead()
    {
        home.Says("one", "I am one.").Says("two", "I am two.").WithSettings("""{ "engine": { "max_resident_models": 2 } }""");
        var size = new FileInfo(home.Model("one")).Length;
        machine = new MachineProfile(size + 6_000_000, size + 6_000_000, 4);
        await StartAsync();
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        machine = machine with { AvailableMemory = size - 1 };
        var two = house.AskAsync("hi", "two");
        await home.StatusWhenAsync(s => s.Residents.All(r => r.Model == "two"));
        machine = machine with { AvailableMemory = size + 6_000_000 };
        Assert.Contains(await Task.WhenAny(two), new Task[] { two });
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        if (running is not null)
            await running;
        keeper?.Dispose();
        end.Dispose();
        home.Dispose();
    }

    private async Task StartAsync()
    {
        var listens = new TaskCompletionSource();
        keeper = Keeper();
        running = keeper.RunAsync(listens.SetResult, end.Token);
        await Task.WhenAny(listens.Task, running);
        await listens.Task;
    }

    private KeeperServer Keeper()
    {
        var environment = home.Home.Environment(home.Variables);
        // The engine's own time is real.
        var loader = new EngineLoader(environment, home.Place, () => machine, TimeProvider.System);
        return new KeeperServer(home.Place, environment, new EngineRoom(loader, () => machine, clock), clock);
    }
}
