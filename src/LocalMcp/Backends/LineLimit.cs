namespace LocalMcp.Backends;

/// <summary>A stream of lines that fails when one of them has no end, before its reader has filled the memory with it.</summary>
/// <param name="events">Whether lines add up to events: then it is an event that has to end, and whoever reads says each time with <see cref="Ended"/> that one has.</param>
internal sealed class LineLimit(Stream stream, bool events = false) : PassingStream
{
    private const int Longest = 16 * 1024 * 1024;
    private long length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        var end = events ? -1 : buffer.Span[..read].LastIndexOf((byte)'\n');
        length = end < 0 ? length + read : read - end - 1;
        return length <= Longest ? read : throw new InvalidDataException($"A line or an event of more than {Longest} bytes.");
    }

    /// <summary>An event has been read.</summary>
    public void Ended() => length = 0;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
