using System.Net;
using System.Net.Sockets;
using System.Text;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Backends;

/// <summary>Answers that no well-made server gives, byte for byte, and how much of them is still understood.</summary>
public sealed class OddServerTests
{
    private const string Whole = """{"choices":[{"delta":{"content":"Hello."}}]}""";
    private const string End = """{"choices":[{"delta":{},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("a blank event", "data: \n\ndata: " + Whole + "\n\ndata: " + End + "\n\ndata: [DONE] \n\n")]
    [InlineData("content in parts", "data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"Hel\"},{\"type\":\"text\",\"text\":\"lo.\"}]}}]}\n\ndata: " + End + "\n\ndata: [DONE]\n\n")]
    [InlineData("counts as floats and a choice that is null", "data: {\"choices\":[null],\"usage\":{\"completion_tokens\":2.0}}\n\ndata: " + Whole + "\n\ndata: " + End + "\n\n")]
    [InlineData("counts in quotes", "data: " + Whole + "\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":\"10\"}}\n\n")]
    [InlineData("a list of counts", "data: {\"choices\":[],\"usage\":[]}\n\ndata: " + Whole + "\n\ndata: " + End + "\n\n")]
    [InlineData("no [DONE] after the finish", "data: " + Whole + "\n\ndata: " + End + "\n\n")]
    [InlineData("carriage returns and comments", ": ping\r\n\r\ndata:" + Whole + "\r\n\r\ndata:" + End + "\r\n\r\n")]
    public async Task A_stream_with_harmless_oddities_is_an_answer(string oddity, string stream)
    {
        await using var server = OddServer.Start("""{"data":[{"id":"m"}]}""", "text/event-stream", stream);
        await using var house = House.With(server.Url);
        var reply = await house.AskAsync("hi");
        Assert.True(reply is { Text: "Hello.", Trouble: null }, oddity);
    }

    [Theory]
    [InlineData("Unrecognized request argument supplied: stream_options")]
    [InlineData("[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted'}]")]
    public async Task A_server_that_refuses_to_be_asked_for_counts_answers_without(string words)
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { RefusesCounting = words, Usage = false });
        await using var house = House.With(server.BaseUrl);
        var reply = await house.AskAsync("hi");
        Assert.Equal(("Hello from the scripted model.", null), (reply.Text, reply.Usage.AnswerTokens));
    }

    [Fact]
    public async Task An_answer_that_was_said_to_be_over_is_whole_also_when_the_server_never_closes_it()
    {
        var clock = new ManualClock();
        const string over = """{"choices":[{"delta":{"content":"Hello."},"finish_reason":"stop"}]}""";
        await using var server = OddServer.Start("""{"data":[{"id":"m"}]}""", "text/event-stream", $"data: {over}\n\n", staysOpen: true);
        await using var house = new House(null, clock, ("LOCAL_MCP_URL", server.Url));
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = house.AskAsync("hi", watch: delta =>
        {
            if (delta is LocalMcp.Chat.ChatDelta.Held)
                heard.TrySetResult();
        });
        await heard.Task;
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(120));
        clock.Advance(TimeSpan.FromSeconds(121));
        Assert.True(await asked is { Text: "Hello.", Trouble: null });
    }

    [Theory]
    [InlineData("\"reasoning_content\":\"why\"")]
    [InlineData("\"reasoning\":\"why\"")]
    [InlineData("\"thinking\":\"why\"")]
    [InlineData("\"reasoning\":\"why\",\"reasoning_content\":\"why\"")]
    [InlineData("\"reasoning\":null,\"reasoning_content\":\"\",\"thinking\":\"why\"")]
    [InlineData("\"content\":[{\"type\":\"thinking\",\"thinking\":\"why\"}]")]
    [InlineData("\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"why\"}]}]")]
    public async Task Reasoning_in_any_field_is_no_part_of_the_answer(string field)
    {
        await using var server = OddServer.Start("""{"data":[{"id":"m"}]}""", "text/event-stream", $"data: {{\"choices\":[{{\"delta\":{{{field}}}}}]}}\n\ndata: {Whole}\n\ndata: {End}\n\n");
        await using var house = House.With(server.Url);
        var heard = new List<string>();
        var reply = await house.AskAsync("hi", watch: delta => heard.Add((delta as LocalMcp.Chat.ChatDelta.Reasoning)?.Value ?? ""));
        Assert.Equal(("Hello.", "why", true), (reply.Text, string.Concat(heard), reply.Reasoned));
    }

    [Theory]
    [InlineData("\"completion_tokens\":9,\"completion_tokens_details\":{\"reasoning_tokens\":5}", "9 tokens · first token .* · 5 reasoning tokens removed$")]
    [InlineData("\"completion_tokens\":9,\"reasoning_tokens\":1", "· 1 reasoning token removed$")]
    [InlineData("\"completion_tokens\":9,\"reasoning_tokens\":80", "9 tokens · first token .* · about 3 reasoning tokens removed$")]
    [InlineData("\"completion_tokens\":-3,\"reasoning_tokens\":1e12", "tokens not reported · .* · reasoning removed$")]
    [InlineData("\"completion_tokens\":9,\"completion_tokens_details\":{\"reasoning_tokens\":0}", "· about 3 reasoning tokens removed$")]
    [InlineData("\"prompt_tokens\":9", "tokens not reported · .* · reasoning removed$")]
    public async Task The_footer_says_what_the_reasoning_cost_as_far_as_it_is_known(string usage, string footer)
    {
        await using var server = OddServer.Start("""{"data":[{"id":"m"}]}""", "text/event-stream", $"data: {{\"choices\":[{{\"delta\":{{\"reasoning\":\"why\"}}}}]}}\n\ndata: {Whole}\n\ndata: {End}\n\ndata: {{\"choices\":[],\"usage\":{{{usage}}}}}\n\ndata: [DONE]\n\n");
        await using var house = House.With(server.Url);
        Assert.Matches(footer, (await house.AskAsync("hi", think: true)).Footer);
    }

    [Fact]
    public async Task A_character_that_was_cut_in_half_is_put_together_again()
    {
        const string halves = "data: {\"choices\":[{\"delta\":{\"content\":\"a \\\\ \\ud83d\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\ude00 \\\"b\\\"\\n\\u00e9 \\ud83d\"}}]}\n\n";
        await using var server = OddServer.Start("""{"data":[{"id":"m"}]}""", "text/event-stream", halves + "data: " + End + "\n\n");
        await using var house = House.With(server.Url);
        Assert.Equal("a \\ 😀 \"b\"\né \uFFFD", (await house.AskAsync("hi")).Text);
    }

    [Theory]
    [InlineData("text/event-stream", "data: " + Whole + "\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"abort\"}]}\n\n", "ended the answer with \"abort\"")]
    [InlineData("text/event-stream", "data: " + Whole + "\n\ndata: {\"choices\":[{\"delta\":{\"content\":7}}]}\n\n", "without saying that it was complete")]
    [InlineData("text/event-stream", "data: " + Whole + "\n\ndata: {\"object\":\"error\",\"message\":\"out of memory\"}\n\n", "reported an error: \"out of memory\"")]
    [InlineData("text/event-stream", "data: " + Whole + "\n\nevent: error\ndata: {\"message\":\"out of memory\"}\n\n", "reported an error: \"out of memory\"")]
    [InlineData("text/event-stream", "data: " + Whole + "\n\ndata: {\"error\":{\"message\":\"The model produced output that does not match the expected peg-native format\"}}\n\n", "Asking again will not help")]
    [InlineData("text/event-stream", "data: " + Whole + "\n\ndata: [1,2]\n\n", "where a piece of an answer was expected")]
    public async Task An_answer_that_did_not_end_well_is_no_success(string type, string stream, string words)
    {
        await using var server = OddServer.Start("""{"data":[{"id":"m"}]}""", type, stream);
        await using var house = House.With(server.Url);
        Assert.Contains(words, (await house.AskAsync("hi")).Trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[null,{"id":"m","max_model_len":4096.0,"meta":{"size":"4GB"},"status":"downloaded","quantization":{"bits":4}}]}""")]
    [InlineData("""{"data":[{"id":"m"},{"id":"m"},{"id":"two\nlines"},{"id":""}]}""")]
    public async Task A_list_with_odd_fields_loses_the_fields_and_not_the_model(string list)
    {
        await using var server = OddServer.Start(list, "text/event-stream", "");
        await using var house = House.With(server.Url);
        Assert.Equal("m", Assert.Single((await house.Directory.ListAsync(TestContext.Current.CancellationToken)).Models, m => !m.SmokeTest).Name);
    }

    [Fact]
    public async Task A_charset_that_does_not_exist_hides_nobody()
    {
        await using var odd = OddServer.Start("""{"data":[{"id":"odd"}]}""", "application/json; charset=utf8", """{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}""", "application/json; charset=utf8");
        await using var good = await FakeModelServer.StartAsync();
        await using var house = House.With(odd.Url, good.BaseUrl);
        Assert.Equal("Hello.", (await house.AskAsync("hi", "odd")).Text);
        Assert.Equal("Hello from the scripted model.", (await house.AskAsync("hi", "scripted-plain")).Text);
    }

    [Fact]
    public async Task A_server_with_no_models_is_named_and_the_smoke_test_does_not_stand_in_for_it()
    {
        await using var server = await FakeModelServer.StartAsync(new FakeOptions { EmptyModelList = true });
        await using var house = new House(null, null, ("LOCAL_MCP_URL", server.BaseUrl), ("PATH", RealEngine.SearchPath()));
        var failure = await house.FailureAsync("hi");
        Assert.Contains($"{server.BaseUrl}: it has no models yet", failure, StringComparison.Ordinal);
        Assert.Contains("the smoke test", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_loads_keeps_nobody_waiting_who_asks_for_something_else()
    {
        await using var loading = await FakeModelServer.StartAsync(new FakeOptions { Status = 503, StatusText = "Loading model", FaultsOn = FaultScope.Everything });
        await using var ready = await FakeModelServer.StartAsync(new FakeOptions { Models = [new FakeModel("m1"), new FakeModel("m2")] });
        await using var house = House.With(loading.BaseUrl, ready.BaseUrl);
        Assert.Contains("matches 2 models", await house.FailureAsync("hi", "m"), StringComparison.Ordinal);
        Assert.Contains("No model is active yet", await house.FailureAsync("hi"), StringComparison.Ordinal);
        Assert.Contains("is loading", await house.FailureAsync("hi", "zzz"), StringComparison.Ordinal);
    }

    /// <summary>Answers every GET with one body and every POST with another, as they are.</summary>
    private sealed class OddServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task serving;

        private OddServer(string listType, string list, string chatType, string chat, bool staysOpen)
        {
            listener.Start();
            serving = Task.Run(async () =>
            {
                while (true)
                {
                    var client = await listener.AcceptTcpClientAsync();
                    _ = Task.Run(() => ServeAsync(client, listType, list, chatType, chat, staysOpen));
                }
            });
        }

        public string Url => $"http://{listener.LocalEndpoint}";

        public static OddServer Start(string list, string chatType, string chat, string listType = "application/json", bool staysOpen = false) =>
            new(listType, list, chatType, chat, staysOpen);

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await serving.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        private static async Task ServeAsync(TcpClient client, string listType, string list, string chatType, string chat, bool staysOpen)
        {
            using (client)
            await using (var stream = client.GetStream())
            {
                using var reader = new StreamReader(stream);
                var length = 0;
                var first = await reader.ReadLineAsync() ?? "";
                while (await reader.ReadLineAsync() is { Length: > 0 } header)
                    length = header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture) : length;
                if (length > 0)
                    await reader.ReadBlockAsync(new char[length]);
                var (type, body) = first switch
                {
                    _ when first.StartsWith("POST", StringComparison.Ordinal) => (chatType, chat),
                    _ when first.Contains("/models", StringComparison.Ordinal) => (listType, list),
                    _ => ("text/plain", "hello"),
                };
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n{body}"));
                // Until the client leaves.
                if (staysOpen && body == chat)
                    await reader.ReadToEndAsync();
            }
        }
    }
}
