using System.Net.Sockets;
using System.Text;
using LocalMcp.Keeper.Door;

namespace LocalMcp.Tests.Keeper;

/// <summary>Raw HTTP to a door: what is sent is sent to the letter.</summary>
internal sealed class DoorClient : IAsyncDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly StringBuilder heard = new();

    /// <summary>Connects, and sends this.</summary>
    public static async Task<DoorClient> SendAsync(int port, string request)
    {
        var client = new DoorClient();
        await client.socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        await client.MoreAsync(request);
        return client;
    }

    /// <summary>The whole answer to this, until the door closes.</summary>
    public static async Task<string> AskAsync(int port, string request)
    {
        await using var client = await SendAsync(port, request);
        return await client.RestAsync();
    }

    /// <summary>The whole answer to a POST of this JSON.</summary>
    public static Task<string> PostAsync(OpenDoor door, string path, string json, string more = "") => AskAsync(door.Url.Port, Post(door, path, json, more));

    public static Task<string> GetAsync(OpenDoor door, string path) => AskAsync(door.Url.Port, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{door.Url.Port}\r\nx-api-key: {door.Key}\r\n\r\n");

    public static string Post(OpenDoor door, string path, string json, string more = "") =>
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{door.Url.Port}\r\nAuthorization: Bearer {door.Key}\r\nContent-Type: application/json\r\n{more}Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}";

    /// <summary>A question in the words of Anthropic's API.</summary>
    public static string Message(bool stream, int maxTokens = 64) =>
        $$"""{"model":"claude","max_tokens":{{maxTokens}},"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""";

    public async Task MoreAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Reads until this has been heard.</summary>
    public async Task UntilAsync(string words)
    {
        while (!heard.ToString().Contains(words, StringComparison.Ordinal))
            Assert.True(await HearAsync(), $"It closed after: {heard}");
    }

    /// <summary>Everything until the door closes.</summary>
    public async Task<string> RestAsync()
    {
        while (await HearAsync())
        {
            // There is more.
        }
        return heard.ToString();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> HearAsync()
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        var count = await socket.ReceiveAsync(buffer, either.Token);
        heard.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return count > 0;
    }
}
