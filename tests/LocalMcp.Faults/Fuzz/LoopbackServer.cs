using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>A server on 127.0.0.1 that answers every chat with the same bytes, in pieces, with a length, in chunks, or until it closes.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public LoopbackServer() => listener.Start();

    /// <summary>A connection to it, on which the next request for a chat gets this.</summary>
    public ServerConnection Connection(byte[] body, string type, Random random)
    {
        _ = AnswerAsync(body, type, random);
        return new ServerConnection("The server", new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1/"), "Start it", "", new Limits(), TimeProvider.System);
    }

    public void Dispose() => listener.Dispose();

    private async Task AnswerAsync(byte[] body, string type, Random random)
    {
        var framing = random.Next(3);
        try
        {
            // Ollama is asked about the model before.
            for (var isChat = false; !isChat;)
            {
                using var client = await listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                var stream = client.GetStream();
                isChat = (await RequestAsync(stream)).Contains("/chat", StringComparison.Ordinal);
                if (isChat)
                    await SendAsync(stream, body, type, framing, random);
                else
                    await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // The reader has read enough.
        }
    }

    private static async Task SendAsync(NetworkStream stream, byte[] body, string type, int framing, Random random)
    {
        var length = framing switch { 0 => $"Content-Length: {body.Length}\r\n", 1 => "Transfer-Encoding: chunked\r\n", _ => "" };
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n{length}Connection: close\r\n\r\n"));
        for (var at = 0; at < body.Length;)
        {
            var count = Math.Min(random.Next(1, 2_000), body.Length - at);
            var head = framing == 1 ? Encoding.ASCII.GetBytes(count.ToString("x", CultureInfo.InvariantCulture) + "\r\n") : [];
            await stream.WriteAsync((byte[])[.. head, .. body[at..(at + count)], .. framing == 1 ? "\r\n"u8.ToArray() : []]);
            at += count;
        }
        if (framing == 1)
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
    }

    private static async Task<string> RequestAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        var text = "";
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            text += Encoding.UTF8.GetString(buffer, 0, read);
            if (read == 0 || (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0 && text.Length - end - 4 >= Length(text)))
                return text.Split("\r\n")[0];
        }
    }

    private static int Length(string head) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line ? int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture) : 0;
}
