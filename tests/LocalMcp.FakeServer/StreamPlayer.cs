using System.Text;

namespace LocalMcp.FakeServer;

/// <summary>Plays a stream chunk by chunk, with the faults that strike in the middle.</summary>
internal sealed class StreamPlayer(Exchange x, StreamShape shape)
{
    private bool _started;

    public async Task PlayAsync(IReadOnlyList<Piece> pieces)
    {
        if (shape.HeadersAtOnce)
            await StartAsync();
        foreach (var frame in shape.Preamble)
            await WriteAsync(frame);

        for (var sent = 0; !await StrikeAsync(sent); sent++)
        {
            if (sent == pieces.Count)
            {
                foreach (var frame in shape.Ending())
                    await WriteAsync(frame);
                return;
            }

            await x.PaceAsync();
            await WriteAsync(shape.Chunk(pieces[sent]));
        }
    }

    /// <summary>True when the fault was the end of the stream.</summary>
    private async Task<bool> StrikeAsync(int sent)
    {
        var options = x.Options;
        if (options.HoldAfterChunks == sent)
            await x.HoldAsync();
        if (options.ErrorAfterChunks == sent)
        {
            await FailAsync(options.ErrorText ?? ErrorShape.EngineDied(x.Kind));
            return true;
        }

        if (options.GarbageAfterChunks == sent)
            await WriteAsync(options.Garbage ?? shape.Garbage);
        if (options.EndAfterChunks == sent)
        {
            await StartAsync();
            return true;
        }

        if (options.DropAfterChunks != sent)
            return false;
        x.Drop();
        return true;
    }

    private Task FailAsync(string text) => _started ? WriteAsync(shape.Error(text)) : Reply.ErrorAsync(x, 500, text);

    private async Task StartAsync()
    {
        if (_started)
            return;
        _started = true;
        x.Http.Response.ContentType = shape.ContentType;
        await x.Http.Response.StartAsync(x.Gone);
        await x.Http.Response.Body.FlushAsync(x.Gone);
    }

    private async Task WriteAsync(string frame)
    {
        await StartAsync();
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(frame);
        var slice = x.Options.BytesPerWrite > 0 ? x.Options.BytesPerWrite : bytes.Length;
        for (; bytes.Length > 0; bytes = bytes[Math.Min(slice, bytes.Length)..])
        {
            // A write to a client that left is silent; the token is what ends an endless answer.
            x.Gone.ThrowIfCancellationRequested();
            await x.Http.Response.Body.WriteAsync(bytes[..Math.Min(slice, bytes.Length)], x.Gone);
            await x.Http.Response.Body.FlushAsync(x.Gone);
        }
    }
}
