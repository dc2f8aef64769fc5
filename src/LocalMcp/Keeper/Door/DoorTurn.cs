using System.Net.Sockets;
using System.Text;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper.Door;

/// <summary>A request's turn with the model: it waits for it, is passed on to the engine, and its answer back, byte for byte and as it comes.</summary>
internal sealed class DoorTurn(EngineRoom room, Func<Settings> settings, WantedModel model)
{
    private const int Tries = 3;
    private static readonly TimeSpan LongestObituary = TimeSpan.FromSeconds(3);

    // What the engine needs to know of a request's head. The key is not among it.
    private static readonly string[] Passed = ["content-type", "accept", "anthropic-version", "anthropic-beta"];

    private bool spoken;

    /// <summary>Waits for the turn, and passes request and answer on. On return the turn is given back.</summary>
    /// <exception cref="DoorRefusal">There is no turn, or no word of an answer.</exception>
    public async Task PassAsync(DoorHead head, byte[] body, Stream client, bool needsSlot, CancellationToken left)
    {
        for (var attempt = 1; ; attempt++)
        {
            var turn = Enter(needsSlot);
            try
            {
                var ready = await ReadyAsync(turn, left);
                if (await ConnectAsync(ready.Socket, mayFail: attempt < Tries, left) is { } engine)
                {
                    await using (engine)
                        await AnswerAsync(turn, engine, [Head(head, body.Length), body], client, left);
                    return;
                }
                // Once the keeper has seen its end, too, the next turn is not with the same.
                await WithinAsync(ObituaryAsync(turn, left), left);
            }
            finally
            {
                room.Leave(turn);
            }
        }
    }

    private Turn Enter(bool needsSlot)
    {
        if (File.GetLastWriteTimeUtc(model.File).Ticks != model.Changed)
            throw new DoorRefusal(500, $"The file of {model.Name} was removed or replaced after this door to it was opened. Open the door again: start `local-mcp claude` anew, or run `local-mcp env`.");
        try
        {
            return room.Enter(model, settings(), needsSlot);
        }
        catch (LocalMcpException broken)
        {
            throw new DoorRefusal(500, broken.Message);
        }
    }

    private static async Task<KeeperSays.Ready> ReadyAsync(Turn turn, CancellationToken left)
    {
        await foreach (var says in turn.Said(left))
        {
            if (says is KeeperSays.Ready ready)
                return ready;
            if (says is KeeperSays.Failed failed)
                throw DoorRefusal.Failed(failed.Failure, failed.Message);
        }
        throw DoorRefusal.Failed(BackendFailure.Dropped, "The engine's keeper makes way for a newer version, so this request had no turn. Open the door again: start `local-mcp claude` anew, or run `local-mcp env`.");
    }

    // An engine that had died just before, unseen, has not even begun: then it is as if there had been no turn.
    private static async Task<Stream?> ConnectAsync(string socket, bool mayFail, CancellationToken left)
    {
        try
        {
            return await Unix.ConnectAsync(socket, left);
        }
        catch (SocketException) when (mayFail)
        {
            return null;
        }
        catch (SocketException dead)
        {
            throw DoorRefusal.Failed(BackendFailure.Dropped, $"The engine takes no connection: {dead.Message.TrimEnd('.')}. The next request starts it again; `local-mcp ps` shows what runs.");
        }
    }

    private async Task AnswerAsync(Turn turn, Stream engine, byte[][] request, Stream client, CancellationToken left)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(left);
        var obituary = ObituaryAsync(turn, over.Token);
        var passing = CopyAsync(engine, request, client, over.Token);
        try
        {
            if (await Task.WhenAny(passing, obituary) == passing)
                await passing;
            // Of an engine that has ended the keeper knows why, a moment later.
            if (!spoken)
                await WithinAsync(obituary, left);
        }
        finally
        {
            await over.CancelAsync();
            await passing.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        if (!spoken && !left.IsCancellationRequested)
            throw DoorRefusal.Failed(BackendFailure.Dropped, await obituary ?? "The engine closed the connection without a word of an answer. Send the request again; `local-mcp ps` shows what runs.");
    }

    private static async Task WithinAsync(Task obituary, CancellationToken left) => await Task.WhenAny(obituary, Task.Delay(LongestObituary, TimeProvider.System, left));

    private async Task CopyAsync(Stream engine, byte[][] request, Stream client, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            foreach (var part in request)
                await engine.WriteAsync(part, over);
        }
        catch (IOException)
        {
            // It may have answered before it had read all of it; else the next read says so.
        }
        while (await ReadAsync(engine, buffer, over) is > 0 and var count)
        {
            spoken = true;
            await client.WriteAsync(buffer.AsMemory(0, count), over);
        }
    }

    // An answer that breaks off is passed on as that: its length, or its last chunk, is missing.
    private static async Task<int> ReadAsync(Stream engine, byte[] buffer, CancellationToken over)
    {
        try
        {
            return await engine.ReadAsync(buffer, over);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // Why the turn has ended before its answer; null when it was cancelled.
    private static async Task<string?> ObituaryAsync(Turn turn, CancellationToken over)
    {
        try
        {
            await foreach (var says in turn.Said(over))
            {
                if (says is KeeperSays.Ended ended)
                    return ended.Message;
            }
        }
        catch (OperationCanceledException)
        {
            // The answer has ended first.
        }
        return null;
    }

    private static byte[] Head(DoorHead head, int length)
    {
        var text = new StringBuilder($"{head.Method} {head.Path}{head.Query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n");
        foreach (var (name, value) in head.Fields.Where(field => Passed.Contains(field.Name)))
            text.Append($"{name}: {value}\r\n");
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }
}
