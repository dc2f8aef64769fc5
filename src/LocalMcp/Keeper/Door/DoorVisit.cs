using System.Net.Sockets;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Keeper.Door;

/// <summary>
/// One connection to a door, which is one request: who it is and what it wants, then a turn with the model as any session's call has it, then bytes from the
/// engine to the client as they come. When the client closes, the engine's connection closes at once, and the turn is given back.
/// </summary>
internal sealed class DoorVisit(Door door, EngineRoom room, Func<Settings> settings)
{
    private static readonly TimeSpan LongestHead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBody = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    /// <summary>Answers.</summary>
    /// <param name="cut">Ends it in the middle.</param>
    public async Task RunAsync(Socket visitor, CancellationToken cut)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cut);
        Task? watch = null;
        await using (var client = new NetworkStream(visitor, ownsSocket: true))
        {
            DoorHead? head = null;
            var reader = new DoorReader(client);
            try
            {
                // A token is a line of some bytes, and must not wait for the next one.
                visitor.NoDelay = true;
                head = await WithinAsync(LongestHead, reader.HeadAsync, "head", left.Token);
                if (head is null)
                    return;
                var aim = DoorRules.Aim(head, door.Place.Port, door.Place.Key);
                var body = await BodyAsync(head, reader, client, left.Token);
                watch = WatchAsync(reader, left);
                await AnswerAsync(head, aim, body, client, left.Token);
            }
            catch (DoorRefusal) when (!reader.HasBegun)
            {
                // A connection that was kept for later: a word to it would be taken for an answer to what comes then.
            }
            catch (DoorRefusal refusal)
            {
                await TryToSayAsync(client, DoorWire.Error(refusal, head));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // Whoever has left needs no answer.
            }
            catch (Exception defect)
            {
                // What nobody has foreseen in one request must not end the engine of all the others.
                await TryToSayAsync(client, DoorWire.Error(new DoorRefusal(500, $"The engine's door could not do this ({defect.GetType().Name}: {defect.Message}). Please report this."), head));
            }
            await LeaveAsync(visitor, client, watch, left.Token);
        }
        if (watch is not null)
            await watch;
    }

    private async Task AnswerAsync(DoorHead head, DoorAim aim, byte[] body, Stream client, CancellationToken left)
    {
        var model = door.Model;
        if (aim == DoorAim.Probe)
            await client.WriteAsync(DoorWire.Here(head.Method == "GET"), left);
        else if (aim == DoorAim.Models)
            await client.WriteAsync(DoorWire.Models(model.Name, new DateTimeOffset(model.Changed, TimeSpan.Zero).ToUnixTimeSeconds()), left);
        else
            await new DoorTurn(room, settings, model).PassAsync(head, body, client, needsSlot: aim == DoorAim.Generate, left);
    }

    private static async Task<byte[]> BodyAsync(DoorHead head, DoorReader reader, Stream client, CancellationToken left)
    {
        if (head["expect"] is { } expectation)
        {
            if (!expectation.Equals("100-continue", StringComparison.OrdinalIgnoreCase))
                throw new DoorRefusal(417, "The request expects something else than 100-continue.");
            await client.WriteAsync(DoorWire.GoOn, left);
        }
        return await WithinAsync(LongestBody, token => reader.BodyAsync(head, token), "body", left);
    }

    private static async Task<T> WithinAsync<T>(TimeSpan longest, Func<CancellationToken, Task<T>> read, string what, CancellationToken left)
    {
        using var patience = new CancellationTokenSource(longest, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, left);
        try
        {
            return await read(either.Token);
        }
        catch (OperationCanceledException) when (!left.IsCancellationRequested)
        {
            throw new DoorRefusal(408, $"The request's {what} was not complete after {longest.TotalSeconds:0} s.");
        }
    }

    private static async Task WatchAsync(DoorReader reader, CancellationTokenSource left)
    {
        try
        {
            await reader.UntilClosedAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // The same as closed.
        }
        await left.CancelAsync();
    }

    // Nothing was sent before it, so it finds room in the socket, and is not held up by who does not read.
    private static async Task TryToSayAsync(Stream client, byte[] answer)
    {
        try
        {
            await client.WriteAsync(answer, CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // Then it is heard by nobody.
        }
    }

    // What is closed with something unread is reset, and the other end may lose the answer with it: it reads, and closes first.
    private static async Task LeaveAsync(Socket visitor, Stream client, Task? watch, CancellationToken left)
    {
        try
        {
            visitor.Shutdown(SocketShutdown.Send);
            await (watch ?? new DoorReader(client).UntilClosedAsync(left)).WaitAsync(LongestFarewell, TimeProvider.System, left);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or TimeoutException)
        {
            // It has left already, or takes too long.
        }
    }
}
