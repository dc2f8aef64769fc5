using System.Net;
using System.Net.Sockets;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Chat;
using LocalMcp.FakeServer;
using LocalMcp.Models;
using LocalMcp.State;
using LocalMcp.Tests.Support;
using ServerKind = LocalMcp.FakeServer.ServerKind;

namespace LocalMcp.Tests.Backends;

/// <summary>What is waited out, and what is told at once.</summary>
public sealed class WaitingServerTests
{
    private const string Busy = "server busy, please try again.  maximum pending requests exceeded";

    [Fact]
    public async Task A_full_queue_is_called_busy_in_the_servers_words_and_waited_out()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, UnavailableForFirst = 3 });
        var (reply, told) = await AskAsync(server.BaseUrl);
        Assert.Equal("Hello from the scripted model.", reply.Text);
        Assert.Equal(3, told.Count(line => line.EndsWith($"is busy ({Busy.Replace("  ", " ", StringComparison.Ordinal)})", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_queue_that_stays_full_is_given_up_at_the_load_limit_which_is_named()
    {
        var clock = new ManualClock();
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { Kind = ServerKind.Ollama, UnavailableForFirst = int.MaxValue });
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.BaseUrl));
        var asked = house.AskAsync("hello");
        while (await Task.WhenAny(asked, clock.WaitForTimerAsync(TimeSpan.FromSeconds(3))) != asked)
            clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Matches("is still busy after 10 min .* limits.load_minutes", (await Assert.ThrowsAnyAsync<LocalMcpException>(() => asked)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_restarts_while_it_loads_is_waited_for(bool resets)
    {
        // A 503, then a connection that is broken before any header or none at all, then the answer.
        var clock = new ManualClock();
        using var server = new ScriptedSocket(resets ? [Unavailable(), null, Answer()] : [Unavailable()]);
        using var connection = Connection(server.Url, clock);
        var told = new List<string>();
        HttpStatusCode? status = null;
        await foreach (var step in connection.OpenAsync("chat", "{}"u8.ToArray(), TestContext.Current.CancellationToken))
        {
            if (step.Response is { } response)
            {
                status = response.StatusCode;
                response.Dispose();
            }
            if (step.Waiting is not ChatDelta.Progress waiting)
                continue;
            told.Add(waiting.Message);
            if (!resets && told.Count == 1)
                server.Stop();
            if (!resets && told.Count == 2)
                server.Start([Answer()]);
            _ = AdvanceAsync(clock);
        }
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["It is not ready (Loading model)", "It is not ready (it has said \"Loading model\", and takes no connection now)"], told);
    }

    [Fact]
    public async Task A_server_that_refuses_at_once_is_down_at_once_with_how_to_start_it()
    {
        using var connection = Connection(new Uri(ClosedPort.Url()), new ManualClock());
        var failure = await FailureAsync(connection);
        Assert.Equal(BackendFailure.Unreachable, failure.Failure);
        Assert.Equal("It: connection refused. Start it.", failure.Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_any_503_is_not_tried_again()
    {
        using var server = new ScriptedSocket([null, Answer()]);
        using var connection = Connection(server.Url, new ManualClock());
        Assert.Equal(BackendFailure.Dropped, (await FailureAsync(connection)).Failure);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 2)]
    [InlineData("HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n", 2)]
    [InlineData("no HTTP at all\r\n\r\n", 2)]
    public async Task After_a_503_every_other_failure_is_told_and_not_tried_again(string answer, int connections)
    {
        var clock = new ManualClock();
        using var server = new ScriptedSocket([Unavailable(), answer, Answer()]);
        using var connection = Connection(server.Url, clock);
        var ended = false;
        try
        {
            await foreach (var step in connection.OpenAsync("chat", "{}"u8.ToArray(), TestContext.Current.CancellationToken))
            {
                ended = step.Response is { IsSuccessStatusCode: false };
                step.Response?.Dispose();
                if (step.Waiting is not null)
                    _ = AdvanceAsync(clock);
            }
        }
        catch (BackendException)
        {
            ended = true;
        }
        Assert.True(ended);
        Assert.Equal(connections, server.Connections);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0.25)]
    [InlineData("3600", 30)]
    [InlineData("Thu, 01 Jan 1970 00:00:12 GMT", 12)]
    [InlineData("Wed, 31 Dec 1969 00:00:00 GMT", 0.25)]
    [InlineData("soon", 0.25)]
    public async Task The_pause_that_a_server_asks_for_is_kept_within_our_bounds(string retryAfter, double seconds)
    {
        var clock = new ManualClock();
        using var server = new ScriptedSocket([Unavailable($"Retry-After: {retryAfter}\r\n"), Answer()]);
        using var connection = Connection(server.Url, clock);
        await using var steps = connection.OpenAsync("chat", "{}"u8.ToArray(), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await steps.MoveNextAsync());
        var next = steps.MoveNextAsync().AsTask();
        var due = TimeSpan.FromSeconds(seconds);
        await clock.WaitForTimerAsync(due);
        clock.Advance(due - TimeSpan.FromTicks(1));
        Assert.Equal(1, server.Connections);
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(await next);
        Assert.True(steps.Current.Response is not null, $"{steps.Current.Waiting}");
        steps.Current.Response.Dispose();
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Nothing_is_asked_again_once_a_token_has_come()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { UnavailableForFirst = 1, DropAfterChunks = 2 });
        var (reply, _) = await AskAsync(server.BaseUrl);
        Assert.Contains("closed the connection", reply.Trouble, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count(r => r.Path == "/v1/chat/completions"));
    }

    [Fact]
    public async Task A_server_that_restarts_before_it_could_list_its_models_is_waited_for()
    {
        var clock = new ManualClock();
        var first = await FakeModelServer.StartAsync(new FakeOptions { Status = 503, StatusText = "Loading model", FaultsOn = FaultScope.Everything });
        var port = new Uri(first.BaseUrl).Port;
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", first.BaseUrl));
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var asked = house.AskAsync("hello", watch: delta => Note(delta, told));
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        await first.DisposeAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Assert.EndsWith("was loading, and does not answer now", told.Last(), StringComparison.Ordinal);
        await using var again = await FakeModelServer.StartAsync(null, port);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Hello from the scripted model.", (await asked).Text);
    }

    [Fact]
    public void Only_a_server_that_was_loading_counts_as_one_that_restarts()
    {
        var (one, other) = (new Endpoint(new Uri("http://127.0.0.1:1/"), Named: true), new Endpoint(new Uri("http://127.0.0.1:2/"), Named: true));
        Place[] places = [Down(one, BackendFailure.Unreachable), Down(other, BackendFailure.Unreachable), Down(one, BackendFailure.Unauthorized)];
        var listing = Choice.WithRestarts(new Listing([], [], places, []), new HashSet<Endpoint> { one });
        Assert.Equal([BackendFailure.Loading, BackendFailure.Unreachable, BackendFailure.Unauthorized], listing.Unreachable.Select(p => p.Failure));
    }

    private static Place Down(Endpoint endpoint, BackendFailure failure) => new("It", null, [], "refused", "refused", failure, endpoint);

    private static string Unavailable(string header = "") => $"HTTP/1.1 503 Service Unavailable\r\n{header}Connection: close\r\nContent-Length: 25\r\n\r\n{{\"error\":\"Loading model\"}}";

    private static string Answer() => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";

    private static ServerConnection Connection(Uri url, TimeProvider clock) => new("It", url, "Start it", "", new Limits(), clock);

    private static async Task AdvanceAsync(ManualClock clock)
    {
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(2));
    }

    private static async Task<BackendException> FailureAsync(ServerConnection connection) => await Assert.ThrowsAsync<BackendException>(async () =>
    {
        await foreach (var step in connection.OpenAsync("chat", "{}"u8.ToArray(), TestContext.Current.CancellationToken))
            step.Response?.Dispose();
    });

    private static async Task<(ChatReply Reply, List<string> Told)> AskAsync(string url)
    {
        await using var house = House.With(url);
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        return (await house.AskAsync("hello", watch: delta => Note(delta, told)), [.. told]);
    }

    private static void Note(ChatDelta delta, System.Collections.Concurrent.ConcurrentQueue<string> told)
    {
        if (delta is ChatDelta.Progress step)
            told.Enqueue(step.Message);
    }

    /// <summary>A server that gives each connection the next answer of a list, and closes it, as it says and as it was asked to; for null it resets it before any header.</summary>
    private sealed class ScriptedSocket : IDisposable
    {
        private readonly int port;
        private TcpListener listener;
        private int connections;

        public ScriptedSocket(string?[] answers)
        {
            listener = new TcpListener(IPAddress.Loopback, 0);
            Start(answers);
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        public Uri Url => new($"http://127.0.0.1:{port}/");

        public int Connections => Volatile.Read(ref connections);

        public void Stop() => listener.Dispose();

        public void Start(string?[] answers)
        {
            if (port != 0)
                listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            _ = ServeAsync(listener, answers);
        }

        public void Dispose() => listener.Dispose();

        private async Task ServeAsync(TcpListener listening, string?[] answers)
        {
            try
            {
                foreach (var answer in answers)
                {
                    using var client = await listening.AcceptSocketAsync();
                    Interlocked.Increment(ref connections);
                    await ReadRequestAsync(client);
                    if (answer is null)
                        client.LingerState = new LingerOption(true, 0);
                    else
                        await AnswerAsync(client, answer);
                }
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                // The test has ended it.
            }
        }

        // The client closes first.
        private static async Task AnswerAsync(Socket client, string answer)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(answer));
            client.Shutdown(SocketShutdown.Send);
            while (await client.ReceiveAsync(new byte[1_024]) > 0)
            {
            }
        }

        // To its end: a connection that is closed with something unread is reset, and the answer lost.
        private static async Task ReadRequestAsync(Socket client)
        {
            var (buffer, heard) = (new byte[65_536], new StringBuilder());
            while (!heard.ToString().EndsWith("{}", StringComparison.Ordinal) && await client.ReceiveAsync(buffer) is > 0 and var count)
                heard.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }
}
