using System.Net.Sockets;
using LocalMcp.Backends;
using LocalMcp.Keeper;
using LocalMcp.Keeper.Door;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>The engine's model over HTTP on 127.0.0.1: a real keeper, a real llama-server, raw sockets.</summary>
public sealed class EngineDoorTests : IDisposable
{
    private readonly EngineHome home = new();

    [Fact]
    public async Task Messages_and_chat_completions_are_answered_by_the_model_and_tokens_are_counted()
    {
        home.Says("one", "I am one.");
        await using var door = await OpenAsync("one");
        Assert.Equal(("127.0.0.1", 4096, "llama-server"), (door.Url.Host, door.Context, door.Engine));
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/messages?beta=true", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: true)), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/chat/completions", """{"messages":[{"role":"user","content":"hi"}]}"""), StringComparison.Ordinal);
        Assert.Matches("\"input_tokens\": ?[1-9]", await DoorClient.PostAsync(door, "/v1/messages/count_tokens", DoorClient.Message(stream: false)));
        Assert.Contains("\"id\":\"one\"", await DoorClient.GetAsync(door, "/v1/models"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_in_chunks_and_one_that_waits_to_be_asked_for_arrive_whole()
    {
        home.Says("one", "I am one.");
        await using var door = await OpenAsync("one");
        var json = DoorClient.Message(stream: false);
        var head = DoorClient.Post(door, "/v1/messages", "").Replace("Content-Length: 0\r\n\r\n", "", StringComparison.Ordinal);
        Assert.Contains("I am one.", await DoorClient.AskAsync(door.Url.Port, $"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{json[..5]}\r\n{json.Length - 5:X}\r\n{json[5..]}\r\n0\r\n\r\n"), StringComparison.Ordinal);
        await using var client = await DoorClient.SendAsync(door.Url.Port, $"{head}Expect: 100-continue\r\nContent-Length: {json.Length}\r\n\r\n");
        await client.UntilAsync("HTTP/1.1 100 Continue\r\n\r\n");
        await client.MoreAsync(json);
        Assert.Contains("I am one.", await client.RestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_event_is_passed_on_as_it_comes_and_a_client_that_closes_frees_its_slot()
    {
        home.NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 1 } }""");
        await using var door = await OpenAsync("endless");
        await using (var client = await DoorClient.SendAsync(door.Url.Port, DoorClient.Post(door, "/v1/messages", DoorClient.Message(stream: true, maxTokens: 250_000))))
        {
            // It never ends, so what is heard was not kept until the end.
            await client.UntilAsync("event: message_start");
            await client.UntilAsync("event: content_block_delta");
            await home.StatusWhenAsync(s => s is { Residents: [{ Running: 1 }], Doors: [{ Running: 1 }] });
        }
        Assert.Contains("\"output_tokens\":5", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false, maxTokens: 5)), StringComparison.Ordinal);
        await home.StatusWhenAsync(s => s is { Residents: [{ Running: 0 }], Doors: [{ Running: 0 }] });
    }

    [Fact]
    public async Task A_request_waits_for_its_turn_behind_the_calls_of_sessions_and_counting_tokens_waits_for_no_answer()
    {
        home.NeverEnds("endless").WithSettings("""{ "engine": { "parallel": 1 } }""");
        await using var door = await OpenAsync("endless");
        await using var house = home.House();
        using var answer = new LongAnswer(house, "endless");
        await answer.HasBegunAsync();
        await using var leaves = await DoorClient.SendAsync(door.Url.Port, DoorClient.Post(door, "/v1/messages", DoorClient.Message(stream: true)));
        await home.StatusWhenAsync(s => s.Queue == 1);
        var waiting = DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false, maxTokens: 5));
        await home.StatusWhenAsync(s => s.Queue == 2);
        await leaves.DisposeAsync();
        await home.StatusWhenAsync(s => s.Queue == 1);
        Assert.Contains("input_tokens", await DoorClient.PostAsync(door, "/v1/messages/count_tokens", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.False(waiting.IsCompleted);
        await answer.StopAsync();
        Assert.Contains("\"output_tokens\":5", await waiting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_closes_with_its_session_and_two_have_ports_and_keys_of_their_own()
    {
        home.Says("one", "I am one.").Says("two", "I am two.");
        await using var other = await OpenAsync("two");
        var door = await OpenAsync("one");
        Assert.NotEqual((door.Url.Port, door.Key), (other.Url.Port, other.Key));
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.Contains("I am two.", await DoorClient.PostAsync(other, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401 ", await DoorClient.AskAsync(door.Url.Port, DoorClient.Post(other, "/v1/messages", "{}").Replace($"{other.Url.Port}", $"{door.Url.Port}", StringComparison.Ordinal)), StringComparison.Ordinal);
        await door.DisposeAsync();
        Assert.Equal(other.Url.Port, Assert.Single((await home.StatusWhenAsync(s => s.Doors!.Count == 1)).Doors!).Port);
        Assert.True(await IsClosedAsync(door.Url.Port));
    }

    [Fact]
    public async Task A_door_that_stays_stays_with_the_same_port_and_key_until_the_engine_is_stopped_and_is_the_same_when_it_is_opened_again()
    {
        var port = FreePort();
        home.Says("one", "I am one.").Says("two", "I am two.").WithSettings($$"""{ "engine": { "port": {{port}} } }""");
        var first = await OpenAsync("one", stays: true);
        await first.DisposeAsync();
        Assert.Equal((port, 64), (first.Url.Port, first.Key.Length));
        Assert.Contains("I am one.", await DoorClient.PostAsync(first, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        var status = await home.StatusWhenAsync(s => s is { Leases: 0, Doors: [{ Running: 0 }] });
        Assert.Null(status.EndsInSeconds);
        var ps = (await Verb.RunAsync(home.Home, home.Variables, "ps")).Output;
        Assert.Contains($"door http://127.0.0.1:{port} to one, stays until `local-mcp stop`\n", ps, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Key, ps, StringComparison.Ordinal);
        // Another model comes to the same address.
        await using var second = await OpenAsync("two", stays: true);
        Assert.Equal((first.Url, first.Key), (second.Url, second.Key));
        Assert.Contains("I am two.", await DoorClient.PostAsync(first, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.Single((await home.StatusAsync()).Doors!);
        await home.Home.StopEngineAsync();
        await second.Closed;
        Assert.True(await IsClosedAsync(port));
        await using var third = await OpenAsync("one", stays: true);
        Assert.Equal((first.Url, first.Key), (third.Url, third.Key));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DoorKey.File(home.Home.Environment())));
    }

    [Fact]
    public async Task A_removed_key_is_replaced_by_a_new_one_and_the_old_one_is_no_good_any_more()
    {
        var port = FreePort();
        home.Says("one", "I am one.").WithSettings($$"""{ "engine": { "port": {{port}} } }""");
        await using var first = await OpenAsync("one", stays: true);
        var file = DoorKey.File(home.Home.Environment());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("others may read it", (await Assert.ThrowsAsync<BackendException>(() => OpenAsync("one", stays: true))).Message, StringComparison.Ordinal);
        File.Delete(file);
        await using var second = await OpenAsync("one", stays: true);
        Assert.Equal(first.Url, second.Url);
        Assert.StartsWith("HTTP/1.1 401 ", await DoorClient.GetAsync(first, "/v1/models"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await DoorClient.GetAsync(second, "/v1/models"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_before_anything_is_loaded()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        home.Says("one", "I am one.").WithSettings($$"""{ "engine": { "port": {{port}} } }""");
        Assert.StartsWith($"Port {port} of 127.0.0.1 is taken by another program. Set engine.port", (await Assert.ThrowsAsync<BackendException>(() => OpenAsync("one", stays: true))).Message, StringComparison.Ordinal);
        Assert.Empty((await home.StatusAsync()).Residents);
    }

    [Fact]
    public async Task Stop_closes_all_doors_and_wakes_nothing()
    {
        home.NeverEnds("endless").WithSettings($$"""{ "engine": { "parallel": 1, "port": {{FreePort()}} } }""");
        await using var door = await OpenAsync("endless");
        await using var staying = await OpenAsync("endless", stays: true);
        await using var running = await DoorClient.SendAsync(door.Url.Port, DoorClient.Post(door, "/v1/messages", DoorClient.Message(stream: true, maxTokens: 250_000)));
        await running.UntilAsync("event: content_block_delta");
        var waiting = DoorClient.PostAsync(staying, "/v1/messages", DoorClient.Message(stream: true));
        await home.StatusWhenAsync(s => s.Queue == 1);
        await home.Home.StopEngineAsync();
        Assert.DoesNotContain("message_stop", await running.RestAsync(), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503 ", await waiting, StringComparison.Ordinal);
        Assert.Matches("\r\nx-should-retry: true\r\n(.|\n)*\"type\":\"overloaded_error\",\"message\":\"The engine was ended with .*local-mcp stop.* before this call had its turn", await waiting);
        await Task.WhenAll(door.Closed, staying.Closed);
        Assert.True(await IsClosedAsync(door.Url.Port));
        Assert.True(await IsClosedAsync(staying.Url.Port));
        Assert.Null(await home.Link.StatusAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_engine_is_started_with_as_much_context_as_a_door_needs_and_serves_those_that_need_less_as_it_is()
    {
        home.Says("one", "I am one.", contextLength: 8192).WithSettings("""{ "context_length": 1024, "engine": { "parallel": 1 } }""");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var small = (await home.StatusAsync()).Residents[0];
        await using var door = await OpenAsync("one", leastContext: 4096);
        Assert.Equal(4096, door.Context);
        var large = (await home.StatusAsync()).Residents[0];
        Assert.Equal((1024, 4096), (small.Context, large.Context));
        await house.AskAsync("hi", "one");
        await using var modest = await OpenAsync("one", leastContext: 2048);
        Assert.Contains("I am one.", await DoorClient.PostAsync(modest, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
        Assert.Equal(large.ProcessId, (await home.StatusAsync()).Residents[0].ProcessId);
    }

    [Fact]
    public async Task A_door_that_needs_more_context_than_the_model_was_trained_for_is_refused_and_sends_nobody_away()
    {
        home.Says("one", "I am one.").WithSettings("""{ "context_length": 1024, "engine": { "parallel": 1 } }""");
        await using var house = home.House();
        await house.AskAsync("hi", "one");
        var engine = (await home.StatusAsync()).Residents[0].ProcessId;
        var refused = await Assert.ThrowsAsync<BackendException>(async () => await Doors.OpenAsync(Model("one") with { TrainedContext = 4096 }, new DoorWish(32_768, Stays: false), null, TestContext.Current.CancellationToken));
        Assert.StartsWith("one was trained for a context of 4,096 tokens, and this needs 32,768.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(engine, (await home.StatusAsync()).Residents[0].ProcessId);
        Assert.Empty((await home.StatusWhenAsync(s => s.Doors!.Count == 0)).Doors!);
    }

    [Fact]
    public async Task A_model_that_does_not_load_opens_no_door_and_is_told_in_its_words()
    {
        File.WriteAllText(home.Model("broken"), "GGUF");
        var told = new List<string>();
        Assert.Contains("could not load broken", (await Assert.ThrowsAsync<BackendException>(() => OpenAsync("broken", told: told))).Message, StringComparison.Ordinal);
        Assert.Contains("loading broken", told);
        Assert.Empty((await home.StatusWhenAsync(s => s.Doors!.Count == 0)).Doors!);
    }

    [Fact]
    public async Task Broken_settings_are_an_error_of_the_request_in_the_shape_of_its_api()
    {
        home.Says("one", "I am one.");
        await using var door = await OpenAsync("one");
        home.WithSettings("""{ "engine": { "threds": 2 } }""");
        var answer = await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: true));
        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.Contains("""{"type":"error","error":{"type":"api_error","message":""", answer, StringComparison.Ordinal);
        Assert.Contains("engine.threds", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_killed_breaks_the_answer_off_and_the_next_request_finds_a_fresh_one()
    {
        home.NeverEnds("endless");
        await using var door = await OpenAsync("endless");
        await using var client = await DoorClient.SendAsync(door.Url.Port, DoorClient.Post(door, "/v1/messages", DoorClient.Message(stream: true, maxTokens: 250_000)));
        await client.UntilAsync("event: content_block_delta");
        await home.KillEngineAsync();
        Assert.DoesNotContain("message_stop", await client.RestAsync(), StringComparison.Ordinal);
        Assert.Contains("\"output_tokens\":5", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false, maxTokens: 5)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_of_a_keeper_that_was_killed_comes_back_at_the_next_one_with_the_same_port_and_key()
    {
        home.Says("one", "I am one.");
        await using var door = await OpenAsync("one");
        var before = (await home.StatusAsync()).ProcessId;
        await home.KillKeeperAsync();
        var status = await home.StatusWhenFoundAsync(s => s.ProcessId != before && s.Doors!.Count == 1);
        Assert.Empty(status.Residents);
        Assert.Contains("I am one.", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_keeper_that_makes_way_closes_its_doors_and_they_come_back_at_the_next_one()
    {
        home.NeverEnds("endless");
        await using var door = await OpenAsync("endless");
        var before = (await home.StatusAsync()).ProcessId;
        await using (var running = await DoorClient.SendAsync(door.Url.Port, DoorClient.Post(door, "/v1/messages", DoorClient.Message(stream: true, maxTokens: 250_000))))
        {
            await running.UntilAsync("event: content_block_delta");
            using (var newer = await home.Link.FindAsync(TestContext.Current.CancellationToken))
                await newer!.SendAsync(new Wish.Retire(), TestContext.Current.CancellationToken);
            // What runs may finish.
            await Gone.FileAsync(home.Place.Socket);
            await running.UntilAsync("event: content_block_delta");
        }
        await home.StatusWhenFoundAsync(s => s.ProcessId != before && s.Doors!.Count == 1);
        Assert.Contains("\"output_tokens\":5", await DoorClient.PostAsync(door, "/v1/messages", DoorClient.Message(stream: false, maxTokens: 5)), StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private async Task<OpenDoor> OpenAsync(string model, int leastContext = 0, bool stays = false, List<string>? told = null) =>
        await Doors.OpenAsync(Model(model), new DoorWish(leastContext, stays), told is null ? null : new Told(told.Add), TestContext.Current.CancellationToken);

    private static int FreePort() => new Uri(ClosedPort.Url()).Port;

    private static async Task<bool> IsClosedAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private EngineDoor Doors => new(home.Link, TimeProvider.System);

    private WantedModel Model(string name) => new(name, home.Model(name), File.GetLastWriteTimeUtc(home.Model(name)).Ticks) { SizeBytes = new FileInfo(home.Model(name)).Length };

    private sealed class Told(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
