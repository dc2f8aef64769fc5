using System.Diagnostics;
using LocalMcp.FakeServer;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.EndToEnd;

/// <summary>Clients that cancel, send nonsense, go away or are killed in the middle of a call.</summary>
public sealed class RoughClientTests : IDisposable
{
    private const string Hello = """{"prompt":"hi"}""";

    private readonly TemporaryHome home = new();

    [Fact]
    public async Task A_cancelled_call_closes_the_request_to_the_backend_and_the_next_one_is_answered()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldAfterChunks = 1 });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.CallAsync(1, "chat", Hello);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        await session.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
        server.Options = new FakeOptions();
        await session.CallAsync(2, "chat", Hello);
        Assert.Contains("Hello from the scripted model.", (await session.AnswerAsync(2)).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_that_closes_in_the_middle_of_a_call_ends_the_request_and_the_program()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldAfterChunks = 1 });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.CallAsync(1, "chat", Hello);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await session.LeaveAsync());
        await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(FaultScope.Chat)]
    [InlineData(FaultScope.Listings)]
    public async Task A_client_that_goes_away_in_the_middle_of_calls_leaves_no_trace_on_standard_error(FaultScope scope)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true, FaultsOn = scope });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        for (var call = 1; call <= 8; call++)
            await session.CallAsync(call, "chat", Hello);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await session.LeaveAsync());
        Assert.DoesNotContain(session.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_goes_away_while_it_waits_for_the_menu_leaves_no_trace_on_standard_error()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true, FaultsOn = FaultScope.Listings });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        for (var call = 1; call <= 8; call++)
            await session.SendAsync($$$"""{"jsonrpc":"2.0","id":{{{call}}},"method":"prompts/get","params":{"name":"switch-model"}}""");
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await session.LeaveAsync());
        Assert.DoesNotContain(session.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_is_gone_before_the_program_is_there_leaves_no_trace_either()
    {
        var sessions = Enumerable.Range(0, 12).Select(_ => RawSession.Start(home)).ToList();
        foreach (var session in sessions)
        {
            Assert.Equal(0, await session.LeaveAsync());
            Assert.DoesNotContain(session.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
            session.Dispose();
        }
    }

    [Fact]
    public async Task A_backend_that_does_not_even_send_headers_does_not_keep_the_program_alive()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldBeforeHeaders = true });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.CallAsync(1, "chat", Hello);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await session.LeaveAsync());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_the_program_in_the_middle_of_a_call(string signal)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { HoldAfterChunks = 1 });
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.CallAsync(1, "chat", Hello);
        await server.WaitForHoldAsync(TestContext.Current.CancellationToken);
        using (var kill = Process.Start("/bin/kill", [$"-{signal}", $"{session.Process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await session.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await server.WaitForAbortAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("this is not json", -32700)]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list",""", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("7", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"tools/list"}""", -32600)]
    [InlineData("""{"\ud800":1}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}""", -32600)]
    public async Task A_line_that_is_no_message_gets_an_error_and_the_next_one_is_answered(string line, int code)
    {
        using var session = await RawSession.StartAsync(home);
        await session.SendAsync(line);
        Assert.Equal(code, (int)(await session.AnswerAsync(null))["error"]!["code"]!);
        await session.SendAsync("""{"jsonrpc":"2.0","id":5,"method":"tools/list"}""");
        Assert.Equal(5, (await session.AnswerAsync(5))["result"]!["tools"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_client_that_no_longer_reads_does_not_keep_the_program_alive()
    {
        using var session = await RawSession.StartAsync(home);
        for (var i = 1; i <= 60; i++)
            await session.SendAsync($$"""{"jsonrpc":"2.0","id":{{i}},"method":"tools/list"}""");
        await session.LeaveAsync();
    }

    [Fact]
    public async Task Blank_lines_and_unknown_notifications_are_let_pass()
    {
        using var session = await RawSession.StartAsync(home);
        await session.SendAsync("\n  \n" + """{"jsonrpc":"2.0","method":"notifications/of_no_kind"}""");
        await session.SendAsync("""{"jsonrpc":"2.0","id":5,"method":"no/such/method"}""");
        Assert.Equal(-32601, (int)(await session.AnswerAsync(5))["error"]!["code"]!);
    }

    [Fact]
    public async Task A_prompt_of_five_megabytes_arrives_whole()
    {
        await using var server = await FakeModelServer.StartAsync();
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        var prompt = string.Concat(Enumerable.Repeat("0123456789", 500_000));
        await session.CallAsync(1, "chat", $$"""{"prompt":"{{prompt}}"}""");
        Assert.Null((await session.AnswerAsync(1))["error"]);
        Assert.Equal(prompt, (string?)server.Requests.Single(r => r.Method == "POST").Json()!["messages"]![0]!["content"]);
    }

    [Fact]
    public async Task Starting_touches_neither_a_backend_nor_a_file()
    {
        await using var server = await FakeModelServer.StartAsync();
        using var session = await RawSession.StartAsync(home, ("LOCAL_MCP_URL", server.BaseUrl));
        await session.SendAsync("""{"jsonrpc":"2.0","id":5,"method":"tools/list"}""");
        await session.AnswerAsync(5);
        Assert.Equal(0, await session.LeaveAsync());
        Assert.Empty(server.Requests);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Folder));
    }

    public void Dispose() => home.Dispose();
}
