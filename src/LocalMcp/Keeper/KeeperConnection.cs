using System.Net.Sockets;
using System.Text;
using LocalMcp.Backends;

namespace LocalMcp.Keeper;

/// <summary>One connection between a session and the keeper, seen from either end: lines of JSON.</summary>
internal sealed class KeeperConnection(Socket socket) : IDisposable
{
    private const int LongestLine = 1024 * 1024;
    private static readonly TimeSpan LongestGreeting = TimeSpan.FromSeconds(5);

    private readonly NetworkStream stream = new(socket, ownsSocket: true);
    private readonly MemoryStream begun = new();
    private readonly byte[] buffer = new byte[4096];
    private int start;
    private int end;

    // The greeting that goes out with the first words.
    private byte[] unsaid = [];

    // By which its greeting is awaited; null at the keeper's end.
    private TimeProvider? greets;

    /// <summary>The keeper's greeting; null at the keeper's end, and until it is heard.</summary>
    public KeeperSays.Hello? Greeting { get; private set; }

    /// <summary>The process at the other end of an open connection; null when the system does not say.</summary>
    public int? Process => Unix.Peer(socket).Process;

    /// <summary>Connects to the keeper and hears its greeting; null when there is none, or it is just ending.</summary>
    /// <exception cref="BackendException">What is there belongs to another user, or does not answer.</exception>
    /// <param name="retiring">Whether to ask for the keeper that makes way for a newer one.</param>
    /// <param name="known">
    /// The process of a keeper that has greeted before. With the same one nobody waits for its greeting, which is heard with its first words: a turn costs one wait less.
    /// </param>
    public static async Task<KeeperConnection?> OpenAsync(KeeperPlace place, TimeProvider clock, CancellationToken cancellationToken, bool retiring = false, int? known = null)
    {
        var path = retiring ? place.RetiringSocket : place.Socket;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var patience = new CancellationTokenSource(LongestGreeting, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await ConnectAsync(socket, path, either.Token, cancellationToken);
            place.CheckPeer(socket);
            var connection = new KeeperConnection(socket) { greets = clock };
            if ((known is not null && connection.Process == known) || await connection.HearAsync(either.Token, cancellationToken))
                return connection;
        }
        catch (Exception nobody) when (nobody is SocketException or IOException)
        {
            // The same as none.
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        socket.Dispose();
        return null;
    }

    private static async Task ConnectAsync(Socket socket, string path, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), patience);
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            throw new BackendException(BackendFailure.Unreachable, "The engine's keeper is there and takes no more connections. `local-mcp stop` ends it; the next call starts a fresh one.", full);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(null);
        }
    }

    private async Task<bool> HearAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(LongestGreeting, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        return await HearAsync(either.Token, cancellationToken);
    }

    // Whether it has greeted; false when it has closed instead.
    private async Task<bool> HearAsync(CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            if (await LineAsync(LongestLine, patience) is not { } line)
                return false;
            Greeting = KeeperWire.Says(line) as KeeperSays.Hello
                ?? throw new BackendException(BackendFailure.Unintelligible, $"What listens on {socket.RemoteEndPoint} is no keeper of LocalMcp. Remove {Path.GetDirectoryName($"{socket.RemoteEndPoint}")}.");
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(Process);
        }
    }

    private static BackendException Silent(int? process) =>
        new(BackendFailure.Unreachable, $"The engine's keeper{(process is { } id ? $" (process {id})" : "")} is there and does not answer. `local-mcp stop` ends it; the next call starts a fresh one.");

    /// <summary>Kills the process that listens there, and returns when it and its engines are gone; false when the kernel does not say which process that is.</summary>
    public static async Task<bool> KillAsync(KeeperPlace place, bool retiring, CancellationToken cancellationToken)
    {
        if (Unix.Listener(retiring ? place.RetiringSocket : place.Socket) is not { } keeper)
            return false;
        Unix.Kill(keeper);
        using var patience = new CancellationTokenSource(LongestGreeting, TimeProvider.System);
        while (place.EngineFolders.Count > 0 && !patience.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        return true;
    }

    /// <summary>Says a wish. To a keeper that has just gone it is lost, and the next thing that is heard from there is its end.</summary>
    public async Task SendAsync(Wish wish, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(KeeperWire.Line(wish), cancellationToken);
        }
        catch (IOException)
        {
            // NextAsync says so.
        }
    }

    /// <summary>Greets: at once, or, where the visitor has said its wish already and so does not wait for it, together with the first words.</summary>
    /// <exception cref="IOException">The session has gone.</exception>
    public async Task GreetAsync(KeeperSays.Hello hello, CancellationToken cancellationToken)
    {
        if (socket.Available > 0)
            unsaid = KeeperWire.Line(hello);
        else
            await SayAsync(hello, cancellationToken);
    }

    /// <exception cref="IOException">The session has gone.</exception>
    public async Task SayAsync(KeeperSays says, CancellationToken cancellationToken)
    {
        byte[] words = [.. unsaid, .. KeeperWire.Line(says)];
        unsaid = [];
        await stream.WriteAsync(words, cancellationToken);
    }

    /// <summary>What the keeper says next; null when it has closed, or speaks another language.</summary>
    public async Task<KeeperSays?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Greeting is null && greets is not null && !await HearAsync(greets, cancellationToken))
                return null;
            return await LineAsync(LongestLine, cancellationToken) is { } line ? KeeperWire.Says(line) : null;
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>One line without its end; null when the other end has closed, or sends one that is longer.</summary>
    public async Task<string?> LineAsync(int longest, CancellationToken cancellationToken)
    {
        while (true)
        {
            var newline = Array.IndexOf(buffer, (byte)'\n', start, end - start);
            begun.Write(buffer, start, (newline < 0 ? end : newline) - start);
            if (newline >= 0)
            {
                start = newline + 1;
                var line = Encoding.UTF8.GetString(begun.GetBuffer(), 0, (int)begun.Length);
                begun.SetLength(0);
                return line;
            }
            start = 0;
            end = await stream.ReadAsync(buffer, cancellationToken);
            if (end == 0 || begun.Length > longest)
                return null;
        }
    }

    /// <summary>Completes when the other end has closed.</summary>
    public async Task UntilClosedAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
                // Nothing more is expected from there.
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The same as closed.
        }
    }

    public void Dispose() => stream.Dispose();
}
