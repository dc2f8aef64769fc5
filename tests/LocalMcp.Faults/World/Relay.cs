using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalMcp.Faults.World;

/// <summary>Stands between sessions and a backend, on loopback: its address stays while the backend comes and goes, and it does to the connections what networks do.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly ConcurrentDictionary<Socket, byte> open = new();
    private readonly Task accepting;
    private volatile RelayMode mode = new RelayMode.Pass();
    private volatile int upstream;

    public Relay()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The backend's port; 0 where there is none.</summary>
    public int Upstream { set => upstream = value; }

    /// <summary>Holds for new connections, and for what is said from now on over those that are open.</summary>
    public RelayMode Mode
    {
        get => mode;
        set => (mode, HasLied) = (value, HasLied || value is RelayMode.Garbage);
    }

    /// <summary>Whether it has ever put bytes of its own between: what arrives may be another answer then.</summary>
    public bool HasLied { get; private set; }

    /// <summary>Connections of sessions that are open.</summary>
    public int Open => open.Count;

    /// <summary>Resets all open connections.</summary>
    public void ResetAll()
    {
        foreach (var socket in open.Keys)
            Reset(socket);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        ResetAll();
        await accepting;
        over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync(over.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        open[client] = 0;
        try
        {
            client.NoDelay = true;
            if (mode is RelayMode.Refuse)
                Reset(client);
            else if (mode is RelayMode.Swallow)
                await SwallowAsync(client);
            else if (mode is RelayMode.EndlessHeaders)
                await EndlessHeadersAsync(client);
            else
                await JoinAsync(client);
        }
        catch (Exception gone) when (gone is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            Reset(client);
        }
        finally
        {
            open.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private async Task JoinAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, upstream, over.Token);
        var asked = PumpAsync(client, server, bends: false);
        var answered = PumpAsync(server, client, bends: true);
        // A client that leaves takes its question along, and a server that is done closes.
        await await Task.WhenAny(asked, answered);
        server.Close();
        client.Close();
        await Task.WhenAll(Quiet(asked), Quiet(answered));
    }

    private async Task PumpAsync(Socket from, Socket to, bool bends)
    {
        var buffer = new byte[16 * 1024];
        var passed = 0;
        var hasLied = false;
        while (await from.ReceiveAsync(buffer, over.Token) is > 0 and var count)
        {
            var piece = buffer.AsMemory(0, count);
            switch (bends ? mode : new RelayMode.Pass())
            {
                case RelayMode.Late late:
                    await Task.Delay(late.Milliseconds, over.Token);
                    await SendAsync(to, piece);
                    break;
                case RelayMode.Dribble:
                    for (var i = 0; i < count; i++)
                        await SendAsync(to, piece[i..(i + 1)]);
                    break;
                case RelayMode.Cut cut when passed + count > cut.Bytes:
                    await SendAsync(to, piece[..Math.Max(0, cut.Bytes - passed)]);
                    if (cut.Reset)
                        Reset(to);
                    return;
                case RelayMode.Garbage garbage when !hasLied && passed + count > garbage.Bytes:
                    var at = Math.Max(0, garbage.Bytes - passed);
                    await SendAsync(to, piece[..at]);
                    await SendAsync(to, garbage.Noise);
                    await SendAsync(to, piece[at..]);
                    hasLied = true;
                    break;
                default:
                    await SendAsync(to, piece);
                    break;
            }
            passed += count;
        }
    }

    private async Task SwallowAsync(Socket client)
    {
        var buffer = new byte[16 * 1024];
        while (await client.ReceiveAsync(buffer, over.Token) > 0)
        {
            // Nobody hears it.
        }
    }

    private async Task EndlessHeadersAsync(Socket client)
    {
        await SendAsync(client, "HTTP/1.1 200 OK\r\n"u8.ToArray());
        for (var i = 0; mode is RelayMode.EndlessHeaders; i++)
        {
            await SendAsync(client, Encoding.ASCII.GetBytes($"X-Header-{i}: {new string('x', 60)}\r\n"));
            await Task.Delay(1, over.Token);
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes, over.Token)..];
    }

    private static async Task Quiet(Task pump)
    {
        try
        {
            await pump;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction has ended, and this one with it.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
