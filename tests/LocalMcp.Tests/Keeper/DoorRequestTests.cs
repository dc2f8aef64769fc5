using System.Net.Sockets;
using LocalMcp.Keeper;
using LocalMcp.Keeper.Door;
using LocalMcp.Machine;
using LocalMcp.State;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>Who comes through a door, and who does not: raw sockets, and no engine, for none of these may wake one.</summary>
public sealed class DoorRequestTests : IAsyncDisposable
{
    private readonly TemporaryHome home = new();
    private readonly EngineLoader loader;
    private readonly Doors doors;
    private readonly Door door;

    public DoorRequestTests()
    {
        var environment = home.Environment();
        loader = new EngineLoader(environment, KeeperPlace.Find(environment), MachineProfile.Read, TimeProvider.System);
        doors = new Doors(environment, new EngineRoom(loader, MachineProfile.Read, TimeProvider.System), () => new SettingsFile(environment).Read());
        door = doors.Open(new Wish.Door(new WantedModel("one", "/m/one.gguf", new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc).Ticks), Stays: false)).Door;
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: HERE\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\nX: y\r\n\r\n")]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET /\r\nHost: HERE\r\n\r\n")]
    [InlineData("G(T / HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET http://HERE/ HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("CONNECT HERE HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET /#x HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nHost: HERE\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nX: a\rb\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nX: a\u0001b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nX : a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\n: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: HERE\r\nX\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: 2, 2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: +2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: -2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: 0x2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length:\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: 99999999999999999999\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n")]
    public async Task What_could_be_read_in_two_ways_is_refused(string request) => Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(request), StringComparison.Ordinal);

    [Theory]
    [InlineData("example.com")]
    [InlineData("example.com:PORT")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1:PORT.example.com")]
    [InlineData("localhost.example.com:PORT")]
    [InlineData("0.0.0.0:PORT")]
    [InlineData("[::1]:PORT")]
    [InlineData("")]
    public async Task Another_host_is_refused_with_and_without_the_key(string host)
    {
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync($"POST /v1/messages HTTP/1.1\r\nHost: {host}\r\nx-api-key: KEY\r\nContent-Length: 2\r\n\r\n{{}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nOrigin: http://example.com\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nOrigin: null\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\norigin: http://HERE\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("OPTIONS /v1/messages HTTP/1.1\r\nHost: HERE\r\nOrigin: http://example.com\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    public async Task A_page_in_a_browser_is_refused_and_so_is_who_names_no_host(string request) => Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(request), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("Authorization: Bearer \r\n")]
    [InlineData("Authorization: Bearer KEYx\r\n")]
    [InlineData("Authorization: Basic KEY\r\n")]
    [InlineData("Authorization: KEY\r\n")]
    [InlineData("x-api-key: \r\n")]
    [InlineData("x-api-key: Bearer KEY\r\n")]
    [InlineData("Cookie: KEY\r\n")]
    public async Task Without_the_key_nobody_comes_in_and_nobody_hears_what_there_is(string fields)
    {
        foreach (var path in new[] { "/v1/messages?key=KEY", "/v1/models", "/props", "/nothing" })
        {
            var answer = await AskAsync($"GET {path} HTTP/1.1\r\nHost: HERE\r\n{fields}\r\n");
            Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(door.Place.Key, answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/props", "404")]
    [InlineData("GET", "/health", "404")]
    [InlineData("GET", "/slots", "404")]
    [InlineData("GET", "/metrics", "404")]
    [InlineData("POST", "/completion", "404")]
    [InlineData("POST", "/v1/embeddings", "404")]
    [InlineData("POST", "/v1/messages/", "404")]
    [InlineData("POST", "//v1/messages", "404")]
    [InlineData("POST", "/v1/../v1/messages", "404")]
    [InlineData("POST", "/v1/%6dessages", "404")]
    [InlineData("POST", "/V1/messages", "404")]
    [InlineData("GET", "/v1/messages", "405")]
    [InlineData("post", "/v1/messages", "405")]
    [InlineData("HEAD", "/v1/chat/completions", "405")]
    [InlineData("POST", "/v1/models", "405")]
    [InlineData("POST", "/", "404")]
    public async Task Only_what_is_listed_comes_through(string method, string path, string status)
    {
        var answer = await AskAsync($"{method} {path} HTTP/1.1\r\nHost: HERE\r\nAuthorization: Bearer KEY\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(door.Place.Key, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "LocalMcp\n")]
    [InlineData("GET /?x HTTP/1.1\r\nHost: LOCALHOST:PORT\r\n\r\n", "LocalMcp\n")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: HERE\r\n\r\n", "\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: HERE\r\nauthorization: bearer KEY\r\n\r\n", """{"object":"list","data":[{"id":"one","object":"model","created":1793491200,"owned_by":"local-mcp"}]}""")]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: HERE\r\nX-Api-Key: KEY\r\nAuthorization: Bearer other\r\n\r\n", "\"id\":\"one\"")]
    public async Task Probes_and_lists_are_answered_without_waking_the_engine(string request, string end)
    {
        var answer = await AskAsync(request);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(end, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_have_the_shape_of_the_api_that_was_asked_and_say_whether_to_ask_again()
    {
        Assert.Contains("""{"type":"error","error":{"type":"authentication_error","message":"The request has not the key""", await AskAsync("POST /v1/messages?beta=true HTTP/1.1\r\nHost: HERE\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains("""{"error":{"message":"The request has not the key""", await AskAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: HERE\r\n\r\n"), StringComparison.Ordinal);
        var gone = await AskAsync("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: 2\r\n\r\n{}");
        Assert.StartsWith("HTTP/1.1 500 ", gone, StringComparison.Ordinal);
        Assert.Contains("\r\nx-should-retry: false\r\n", gone, StringComparison.Ordinal);
        Assert.Contains("""{"type":"error","error":{"type":"api_error","message":"The file of one was removed or replaced""", gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heads_and_bodies_have_their_bounds()
    {
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync($"GET / HTTP/1.1\r\nHost: HERE\r\nX: {new string('x', DoorHead.Longest)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync($"GET / HTTP/1.1\r\nHost: HERE\r\nX: {new string('x', DoorHead.Longest - 100)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync($"GET / HTTP/1.1\r\nHost: HERE\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 100))}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 413 ", await AskAsync($"POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nContent-Length: {DoorReader.LongestBody + 1}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 413 ", await AskAsync($"POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nTransfer-Encoding: chunked\r\n\r\n{DoorReader.LongestBody + 1:x}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 417 ", await AskAsync("POST /v1/messages HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\nExpect: more\r\nContent-Length: 2\r\n\r\n{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_request_on_the_same_connection_is_not_read()
    {
        var answer = await AskAsync("GET / HTTP/1.1\r\nHost: HERE\r\nContent-Length: 0\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: HERE\r\nx-api-key: KEY\r\n\r\n");
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nLocalMcp\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_may_come_byte_by_byte()
    {
        await using var client = await DoorClient.SendAsync(door.Place.Port, "");
        foreach (var character in Filled("GET / HTTP/1.1\r\nHost: HERE\r\n\r\n"))
            await client.MoreAsync(character.ToString());
        Assert.EndsWith("LocalMcp\n", await client.RestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_this_machine_can_reach_it()
    {
        foreach (var address in System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address).Where(address => !System.Net.IPAddress.IsLoopback(address)))
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(address, door.Place.Port, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void Neither_the_wish_nor_the_answer_shows_the_key_where_it_is_written_down()
    {
        Assert.DoesNotContain(door.Place.Key, new KeeperSays.Opened(door.Place, null, null).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(door.Place.Key, new Wish.Door(door.Model, false) { Again = door.Place }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(door.Place.Key, string.Concat(doors.Status), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await doors.CloseAsync();
        loader.Dispose();
        home.Dispose();
    }

    private Task<string> AskAsync(string request) => DoorClient.AskAsync(door.Place.Port, Filled(request));

    private string Filled(string text) => text
        .Replace("HERE", $"127.0.0.1:{door.Place.Port}", StringComparison.Ordinal)
        .Replace("PORT", $"{door.Place.Port}", StringComparison.Ordinal)
        .Replace("KEY", door.Place.Key, StringComparison.Ordinal);
}
