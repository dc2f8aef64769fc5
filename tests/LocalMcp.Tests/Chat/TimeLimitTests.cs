using System.Net;
using System.Net.Sockets;
using LocalMcp.Chat;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Chat;

/// <summary>Each limit with its default against a real server and a clock of the test's: what is within it passes, what is not is an error that names it.</summary>
public sealed class TimeLimitTests : IAsyncDisposable
{
    private const string Answer = "Hello from the scripted model.";

    private readonly ManualClock clock = new();
    private readonly TemporaryHome home = new();
    private House? house;

    [Fact]
    public async Task Headers_that_come_after_310_seconds_are_in_time()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true });
        var asked = AskAsync(server);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(310));
        server.Release();
        Assert.Equal(Answer, (await asked).Text);
    }

    [Fact]
    public async Task A_first_token_that_does_not_come_for_ten_minutes_is_given_up_and_the_request_is_closed()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true });
        var asked = AskAsync(server);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(601));
        Assert.Contains("sent no token for 10 min (limits.first_token_minutes in settings.json)", (await FailureAsync(asked)).Message, StringComparison.Ordinal);
        await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(40, null)]
    [InlineData(119, null)]
    [InlineData(121, "went silent for 120 s in the middle of the answer (limits.silence_seconds in settings.json)")]
    public async Task Silence_of_two_minutes_in_the_middle_ends_the_answer_and_less_does_not(int seconds, string? trouble)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldAfterChunks = 1 });
        var begun = new TaskCompletionSource();
        var asked = AskAsync(server, delta =>
        {
            if (delta is ChatDelta.Held or ChatDelta.Text)
                begun.TrySetResult();
        });
        await begun.Task;
        clock.Advance(TimeSpan.FromSeconds(seconds));
        server.Release();
        var reply = await asked;
        Assert.Equal(trouble is null ? Answer : "Hello", reply.Text);
        Assert.Contains(trouble ?? "", reply.Trouble ?? "", StringComparison.Ordinal);
        Assert.Equal(trouble is null, reply.Trouble is null);
    }

    [Fact]
    public async Task A_whole_call_counts_the_waiting_for_a_server_that_loads()
    {
        home.WithSettings("""{ "limits": { "call_minutes": 1 } }""");
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = int.MaxValue });
        var asked = AskAsync(server);
        while (await Task.WhenAny(asked, clock.WaitForTimerAsync(TimeSpan.FromSeconds(2))) != asked)
            clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("was not done after 1 min, the limit for a whole call (limits.call_minutes in settings.json)", (await FailureAsync(asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_call_counts_the_search_for_the_model()
    {
        home.WithSettings("""{ "limits": { "call_minutes": 1 } }""");
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Status = 503, StatusText = "Loading model", FaultsOn = FaultScope.Everything });
        var asked = AskAsync(server);
        while (await Task.WhenAny(asked, clock.WaitForTimerAsync(TimeSpan.FromSeconds(0.5))) != asked)
            clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Contains("The search for the model was not done after 1 min, the limit for a whole call (limits.call_minutes in settings.json)", (await FailureAsync(asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_call_counts_the_queue_for_a_slot()
    {
        home.WithSettings("""{ "limits": { "call_minutes": 1, "first_token_minutes": 120 } }""");
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, HoldBeforeHeaders = true });
        house = House(server);
        var running = Enumerable.Range(0, 4).Select(_ => house.AskAsync("hello")).ToList();
        await server.WaitForAsync(request => request.Held, 4, TestContext.Current.CancellationToken);
        var queued = new TaskCompletionSource();
        var last = house.AskAsync("hello", watch: delta =>
        {
            if (delta is ChatDelta.Progress { Message: "queued 1/1" })
                queued.TrySetResult();
        });
        await queued.Task;
        clock.Advance(TimeSpan.FromSeconds(61));
        foreach (var call in running.Append(last))
            Assert.Contains("limits.call_minutes", (await FailureAsync(call)).Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task A_server_that_takes_no_connection_is_given_up_at_the_limit_which_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a connection wait when a listener's queue is full.");
        home.WithSettings("""{ "limits": { "connect_seconds": 1 } }""");
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!, TestContext.Current.CancellationToken);
        house = new House(home, clock, ("LOCAL_MCP_URL", $"http://{full.LocalEndPoint}"));
        Assert.Contains("it took no connection within 1 s (limits.connect_seconds in settings.json)", (await FailureAsync(house.AskAsync("hello"))).Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (house is not null)
            await house.DisposeAsync();
        home.Dispose();
    }

    private Task<ChatReply> AskAsync(FakeModelServer server, Action<ChatDelta>? watch = null) => (house = House(server)).AskAsync("hello", watch: watch);

    private House House(FakeModelServer server) => new(home, clock, ("LOCAL_MCP_URL", server.BaseUrl));

    private static Task<LocalMcpException> FailureAsync(Task<ChatReply> asked) => Assert.ThrowsAnyAsync<LocalMcpException>(() => asked);
}
