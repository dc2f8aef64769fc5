using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalMcp.Chat;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Keeper;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>However a call is given up, and wherever it stands: the backend stops, and its slot is free for the next one.</summary>
public sealed class CancelTests : IDisposable
{
    private readonly EngineHome home = new EngineHome().NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 1, "unload_seconds": 1000 } }""");

    /// <summary>How a client gives up.</summary>
    public static TheoryData<string> Ways => ["cancelled", "closed", "killed"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task While_the_engine_loads_it_is_ended_with_its_load(string way)
    {
        var program = Path.Combine(home.Home.Folder, "llama-server");
        KeeperFaultTests.WriteProgram(program, """
            case $1 in
              --help) echo "--model FNAME  the model" ;;
              --version) echo "version: 1 (of its own kind)" ;;
              --list-devices) exit 1 ;;
              *) exec sleep 1000 ;;
            esac
            """);
        home.WithSettings($$"""{ "engine_program": "{{program}}" }""");
        using var session = await AskAsync();
        var loading = (await home.StatusWhenFoundAsync(s => s is { Queue: 1, Residents: [{ State: "loading", ProcessId: not null }] })).Residents[0].ProcessId!.Value;
        await GiveUpAsync(session, way);
        await home.StatusWhenAsync(s => s is { Queue: 0, Residents: [] });
        await Gone.ProcessAsync(loading);
        await home.EnginesAreGoneAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task In_the_queue_it_leaves_its_place(string way)
    {
        await using var house = home.House();
        using var running = new LongAnswer(house, "endless");
        await running.HasBegunAsync();
        using var session = await AskAsync();
        await home.StatusWhenAsync(s => s.Queue == 1);
        await GiveUpAsync(session, way);
        await home.StatusWhenAsync(s => s is { Queue: 0, Residents: [{ Running: 1 }] });
        Assert.False(running.Reply.IsCompleted);
        await running.StopAsync();
        await SlotIsFreeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task In_the_middle_of_a_long_prompt_the_slot_is_free_for_the_next_call(string way)
    {
        using var session = await AskAsync(new string('x', 200_000));
        await ProgressAsync(session, @"^reading prompt \d+/\d+$");
        await GiveUpAsync(session, way);
        await home.StatusWhenAsync(s => s is { Residents: [{ Running: 0 }] });
        await SlotIsFreeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task In_the_middle_of_the_answer_the_slot_is_free_for_the_next_call(string way)
    {
        using var session = await AskAsync();
        await ProgressAsync(session, @"^\d+ tok");
        await GiveUpAsync(session, way);
        await home.StatusWhenAsync(s => s is { Residents: [{ Running: 0 }] });
        await SlotIsFreeAsync();
    }

    [Theory]
    [InlineData(ServerKind.OpenAi)]
    [InlineData(ServerKind.Ollama)]
    [InlineData(ServerKind.LlamaServer)]
    public async Task A_server_of_the_users_sees_the_connection_close_before_the_headers_and_in_the_middle(ServerKind kind)
    {
        foreach (var options in new[] { new FakeOptions { HoldBeforeHeaders = true }, new FakeOptions { HoldAfterChunks = 0 }, new FakeOptions { HoldAfterChunks = 2 } })
        {
            await using var server = await FakeModelServer.StartAsync(options with { Kind = kind });
            await using var house = House.With(server.BaseUrl);
            using var impatient = new CancellationTokenSource();
            var asked = house.AskAsync("hello", cancellationToken: impatient.Token);
            await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
            await impatient.CancelAsync();
            await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            server.Options = new FakeOptions { Kind = kind };
            Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hello")).Text);
        }
    }

    [Fact]
    public async Task A_server_that_loads_is_not_asked_again_after_the_call_was_cancelled()
    {
        var clock = new ManualClock();
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = int.MaxValue });
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.BaseUrl));
        using var impatient = new CancellationTokenSource();
        var waits = new TaskCompletionSource();
        var asked = house.AskAsync("hello", cancellationToken: impatient.Token, watch: delta =>
        {
            if (delta is ChatDelta.Progress)
                waits.TrySetResult();
        });
        await waits.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        var posts = server.Requests.Count(request => request.Method == "POST");
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(posts, server.Requests.Count(request => request.Method == "POST"));
    }

    public void Dispose() => home.Dispose();

    private async Task<RawSession> AskAsync(string prompt = "hi")
    {
        var session = await RawSession.StartAsync(home.Home, home.Variables);
        await session.SendAsync($$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"chat","arguments":{"prompt":"{{{{prompt}}}}"},"_meta":{"progressToken":7}}}""");
        return session;
    }

    private static async Task ProgressAsync(RawSession session, string words)
    {
        while (await session.Process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if ((string?)JsonNode.Parse(line)!["params"]?["message"] is { } message && Regex.IsMatch(message, words))
                return;
        }
        Assert.Fail($"\"{words}\" was never told.");
    }

    private static async Task GiveUpAsync(RawSession session, string way)
    {
        switch (way)
        {
            case "cancelled":
                await session.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
                break;
            case "closed":
                session.Process.StandardInput.Close();
                break;
            default:
                session.Process.Kill();
                break;
        }
    }

    // On the one slot that there is. An answer that went on would never end.
    private async Task SlotIsFreeAsync()
    {
        await using var house = home.House();
        Assert.Equal(5, (await house.AskAsync("hi", "endless", maxTokens: 5)).Usage.AnswerTokens);
    }
}
