using System.Net;
using System.Net.Sockets;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Chat;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Tests.Backends;

/// <summary>Servers that send more than an answer is, and such as send it in another encoding.</summary>
public sealed class EndlessAnswerTests
{
    private const string Chunk = """{"choices":[{"delta":{"content":"CONTENT"},"finish_reason":null}]}""";

    private static readonly string Long = new('x', 64 * 1024);

    [Fact]
    public async Task An_event_whose_lines_do_not_end_is_an_error_and_not_all_of_the_memory()
    {
        // 64 MiB, and then the server gives up.
        var failure = await Assert.ThrowsAsync<BackendException>(() => TextAsync(OpenAi, "text/event-stream", Enumerable.Repeat($"data: {Long}\n", 1024)));
        Assert.Equal(BackendFailure.Unintelligible, failure.Failure);
        Assert.Contains("without end", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_many_events_may_be_longer_than_one_event()
    {
        var events = Enumerable.Repeat($"data: {Chunk.Replace("CONTENT", Long, StringComparison.Ordinal)}\n\n", 300);
        var text = await TextAsync(OpenAi, "text/event-stream", events.Append("data: [DONE]\n\n"));
        Assert.Equal(300 * Long.Length, text.Length);
    }

    // Two bytes that another encoding begins with, and the rest of it: read at once it was that, and in pieces it was not.
    [Fact]
    public async Task Lines_are_UTF_8_whatever_they_begin_with()
    {
        var line = Encoding.BigEndianUnicode.GetBytes("\uFEFF" + """{"message":{"content":"x"},"done":true}""" + "\n");
        var failure = await Assert.ThrowsAsync<BackendException>(() => TextAsync(Ollama, "application/x-ndjson", [Encoding.Latin1.GetString(line)]));
        Assert.Equal(BackendFailure.Unintelligible, failure.Failure);
    }

    private static IAsyncEnumerable<ChatDelta> OpenAi(ServerConnection server) =>
        new OpenAiChat(server, ServerKind.OpenAi, "../").StreamAsync("chat/completions", Model, new ChatRequest("hi"), () => Task.FromResult<BackendException?>(null), TestContext.Current.CancellationToken);

    private static IAsyncEnumerable<ChatDelta> Ollama(ServerConnection server) =>
        new OllamaBackend("ollama", new Uri("http://127.0.0.1/"), server, new OllamaSettings(), TimeProvider.System).StreamAsync(Model, new ChatRequest("hi"), TestContext.Current.CancellationToken);

    private static ModelFacts Model { get; } = new() { Name = "m", Backend = "b", ContextLength = 4_096 };

    // The answer of a server that sends these bytes, as far as it is read.
    private static async Task<string> TextAsync(Func<ServerConnection, IAsyncEnumerable<ChatDelta>> stream, string type, IEnumerable<string> parts)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var server = new ServerConnection("The server", new Uri($"http://{listener.LocalEndpoint}/v1/"), "Start it", "", new Limits(), TimeProvider.System);
        var serving = ServeAsync(listener, type, parts);
        var text = new StringBuilder();
        await foreach (var delta in stream(server))
            text.Append((delta as ChatDelta.Text)?.Value);
        await serving;
        return text.ToString();
    }

    private static async Task ServeAsync(TcpListener listener, string type, IEnumerable<string> parts)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, leaveOpen: true);
                var request = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
                var isChat = request.Contains("/chat", StringComparison.Ordinal);
                foreach (var part in parts.Take(isChat ? int.MaxValue : 0).Prepend($"HTTP/1.1 {(isChat ? 200 : 404)} .\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n"))
                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(part), TestContext.Current.CancellationToken);
                if (isChat)
                    return;
            }
        }
        catch (IOException)
        {
            // The reader has had enough.
        }
    }
}
