using System.Globalization;
using System.Text;

namespace LocalMcp.Keeper.Door;

/// <summary>Reads one request from a connection: head, body, and then its end.</summary>
internal sealed class DoorReader(Stream stream)
{
    /// <summary>Bytes of a body. Pictures are the longest that anybody sends to a model.</summary>
    public const int LongestBody = 64 * 1024 * 1024;

    private const int LongestChunkLine = 16;

    private byte[] buffer = new byte[4 * 1024];
    private int start;
    private int end;

    /// <summary>Whether anything of a request has come.</summary>
    public bool HasBegun => end > 0;

    /// <summary>The head; null when the other end has closed before its end.</summary>
    /// <exception cref="DoorRefusal">It is too long, or cannot be read.</exception>
    public async Task<DoorHead?> HeadAsync(CancellationToken cancellationToken)
    {
        var looked = 0;
        while (true)
        {
            for (; looked < end; looked++)
            {
                if (buffer[looked] != '\n')
                    continue;
                if (looked == 0 || buffer[looked - 1] != '\r')
                    throw DoorRefusal.Bad("a line does not end with CR LF");
                if (looked >= 3 && buffer[looked - 2] == '\n')
                {
                    start = looked + 1;
                    return DoorHead.Parse(buffer.AsSpan(0, start));
                }
            }
            if (end >= DoorHead.Longest)
                throw new DoorRefusal(431, $"The request's head is longer than {DoorHead.Longest / 1024} KiB.");
            if (end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var count = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (count == 0)
                return null;
            end += count;
        }
    }

    /// <summary>The whole body: who sends it slowly must not hold a slot meanwhile.</summary>
    /// <exception cref="DoorRefusal">It is too long, or its chunks cannot be read.</exception>
    /// <exception cref="EndOfStreamException">The other end has closed before its end.</exception>
    public async Task<byte[]> BodyAsync(DoorHead head, CancellationToken cancellationToken)
    {
        if (!head.IsChunked)
        {
            if (head.ContentLength > LongestBody)
                throw TooLong;
            var whole = new byte[head.ContentLength ?? 0];
            await FillAsync(whole, cancellationToken);
            return whole;
        }
        using var body = new MemoryStream();
        while (await ChunkAsync(cancellationToken) is { Length: > 0 } chunk)
        {
            body.Write(chunk);
            if (body.Length > LongestBody)
                throw TooLong;
        }
        return body.ToArray();
    }

    /// <summary>Completes when the other end has closed. What it sends until then belongs to no request: each connection has one.</summary>
    public async Task UntilClosedAsync(CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(buffer, cancellationToken) > 0)
        {
            // Not for us.
        }
    }

    private static DoorRefusal TooLong => DoorRefusal.TooLong("body", LongestBody / 1024 / 1024, "MiB");

    // Its length in hexadecimal, and nothing beside it; the last one is empty, and nothing follows but an empty line.
    private async Task<byte[]> ChunkAsync(CancellationToken cancellationToken)
    {
        var line = await LineAsync(cancellationToken);
        if (line.Length is 0 or > 8 || !int.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
            throw DoorRefusal.Bad("a chunk's length is not one number");
        if (length > LongestBody)
            throw TooLong;
        var chunk = new byte[length];
        await FillAsync(chunk, cancellationToken);
        if ((await LineAsync(cancellationToken)).Length > 0)
            throw DoorRefusal.Bad("something stands where a chunk ends");
        return chunk;
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length <= LongestChunkLine)
        {
            var next = await ByteAsync(cancellationToken);
            if (next == '\r')
                return await ByteAsync(cancellationToken) == '\n' ? line.ToString() : throw DoorRefusal.Bad("a line does not end with CR LF");
            line.Append((char)next);
        }
        throw DoorRefusal.Bad("a chunk's length is not one number");
    }

    private async ValueTask<byte> ByteAsync(CancellationToken cancellationToken)
    {
        if (start == end)
        {
            (start, end) = (0, await stream.ReadAsync(buffer, cancellationToken));
            if (end == 0)
                throw new EndOfStreamException();
        }
        return buffer[start++];
    }

    private async Task FillAsync(Memory<byte> whole, CancellationToken cancellationToken)
    {
        var here = Math.Min(end - start, whole.Length);
        buffer.AsMemory(start, here).CopyTo(whole);
        start += here;
        await stream.ReadExactlyAsync(whole[here..], cancellationToken);
    }
}
