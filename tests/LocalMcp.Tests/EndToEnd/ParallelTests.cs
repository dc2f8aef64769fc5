using LocalMcp.FakeServer;
using LocalMcp.Tests.Keeper;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>Many calls of one session at once, and a switch in the middle of an answer.</summary>
public sealed class ParallelTests : IDisposable
{
    private readonly TemporaryHome home = new();

    [Fact]
    public async Task Eight_calls_of_a_session_are_with_the_server_at_the_same_time()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true });
        await using var session = await ServerSession.StartAsync(home, "2025-11-25", null, ("LOCAL_MCP_URL", server.BaseUrl));
        var calls = Enumerable.Range(0, 8).Select(_ => session.TextAsync("chat", new { prompt = "hi" })).ToList();
        await server.WaitForAsync(request => request.Held, 8, TestContext.Current.CancellationToken);
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        // A look at the models passes them all.
        await session.TextAsync("list_models");
        server.Release(8);
        Assert.All(await Task.WhenAll(calls), text => Assert.StartsWith("Hello from the scripted model.", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Beyond_the_slots_of_a_llama_server_they_queue_and_the_client_is_told()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, HoldBeforeHeaders = true });
        await using var session = await ServerSession.StartAsync(home, "2025-11-25", null, ("LOCAL_MCP_URL", server.BaseUrl));
        var calls = Enumerable.Range(0, 8).Select(_ => session.TextAsync("chat", new { prompt = "hi" })).ToList();
        await server.WaitForAsync(request => request.Held, 4, TestContext.Current.CancellationToken);
        await ToldAsync(session, "queued 4/4");
        Assert.Equal(4, server.Requests.Count(request => request.Method == "POST"));
        server.Release(8);
        Assert.All(await Task.WhenAll(calls), text => Assert.StartsWith("Hello from the scripted model.", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_switch_in_the_middle_of_an_answer_leaves_it_to_its_own_model(int residents)
    {
        using var engine = new EngineHome().NeverEnds("endless").Says("two", "I am two.");
        engine.WithSettings($$$"""{ "engine": { "max_resident_models": {{{residents}}} } }""");
        engine.Home.WithActive("engine/endless");
        await using var session = await ServerSession.StartAsync(engine.Home, "2025-11-25", null, engine.Variables);
        var running = session.TextAsync("chat", new { prompt = "hi", max_tokens = 12_000 });
        await engine.StatusWhenFoundAsync(s => s.Residents is [{ Running: 1 }]);
        var switched = session.TextAsync("set_model", new { name = "two" });
        if (residents == 1)
        {
            await engine.StatusWhenAsync(s => s is { Queue: 1, Residents: [{ Model: "endless", Running: 1 }] });
            Assert.False(switched.IsCompleted);
        }
        Assert.Contains("PASS two (engine) answers", await switched, StringComparison.Ordinal);
        // With room for one model only, the switch has waited for the answer, whose last words may still be on their way.
        if (residents == 1)
            Assert.DoesNotContain((await engine.StatusAsync()).Residents, resident => resident.Model == "endless");
        var next = session.TextAsync("chat", new { prompt = "hi" });
        Assert.Contains("I am two.\n\n— two (engine)", await next, StringComparison.Ordinal);
        Assert.Matches(@"^tick (.|\n)*\n\n— endless \(engine\) · 12,000 tokens · cut at max_tokens 12,000", await running);
    }

    [Fact]
    public async Task A_client_that_gives_no_progress_token_is_told_nothing_and_is_answered()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.LlamaServer, UnavailableForFirst = 3 });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.CallAsync(1, "chat", """{"prompt":"hi"}""");
        while (await session.Process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Assert.DoesNotContain("notifications/progress", line, StringComparison.Ordinal);
            if (line.Contains("Hello from the scripted model.", StringComparison.Ordinal))
                return;
        }
        Assert.Fail("There was no answer.");
    }

    public void Dispose() => home.Dispose();

    private static async Task ToldAsync(ServerSession session, string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!session.Progress.Contains(words))
        {
            Assert.False(patience.IsCancellationRequested, $"\"{words}\" was never told, but: {string.Join("; ", session.Progress)}");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
