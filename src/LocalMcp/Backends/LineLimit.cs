namespace LocalMcp.Backends;

/// <summary>A stream of lines that fails when one of them has no end, before its reader has filled the memory with it.</summary>
internal sealed class LineLimit(Stream stream) : PassingStream
{
    private const int Longest = 16 * 1024 * 1024;
    private long length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        var end = buffer.Span[..read].LastIndexOf((byte)'\n');
        length = end < 0 ? length + read : read - end - 1;
        return length <= Longest ? read : throw new InvalidDataException($"A line of more than {Longest} bytes.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
