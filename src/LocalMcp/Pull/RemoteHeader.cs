using LocalMcp.Models.Gguf;

namespace LocalMcp.Pull;

/// <summary>Reads the header of a GGUF file that is still on the server: its first mebibyte, and more as long as the header goes on.</summary>
internal sealed class RemoteHeader
{
    private const int First = 1024 * 1024;

    // In bytes; as GgufReader bounds a header.
    private const int Most = 100_000_000;

    private readonly HubConnection hub;
    private readonly string path;
    private readonly long length;
    private byte[] read = [];

    /// <param name="path">Of the file, below the endpoint.</param>
    /// <param name="length">The length of the whole file, in bytes.</param>
    private RemoteHeader(HubConnection hub, string path, long length) => (this.hub, this.path, this.length) = (hub, path, length);

    /// <summary>The header of a file.</summary>
    /// <exception cref="InvalidDataException">It is none. The message is a short phrase.</exception>
    /// <exception cref="HubRefusal">The file is not for us.</exception>
    public static async Task<GgufHeader> ReadAsync(HubConnection hub, HubRepository repository, HubFile file, TimeProvider clock, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        var header = new RemoteHeader(hub, repository.PathOf(file), file.Size);
        var patience = Patience.ForQuestion(hub.Label, clock);
        while (true)
        {
            try
            {
                await header.ReadMoreAsync(repository.Id, cancellationToken);
                if (header.Parse() is { } whole)
                    return whole;
                patience.Restore();
            }
            catch (TransientFailure failure)
            {
                await patience.WaitAsync(failure, watch, cancellationToken);
            }
        }
    }

    // Null when the header goes on beyond what is there. Parsing costs milliseconds, so it begins anew with more.
    private GgufHeader? Parse()
    {
        var needsMore = false;
        try
        {
            using var reader = new GgufReader(length, ReadAt);
            return GgufHeader.Read(reader);
        }
        catch (InvalidDataException) when (needsMore && read.Length < Math.Min(Most, length))
        {
            return null;
        }

        int ReadAt(long offset, Span<byte> into)
        {
            var there = read.AsSpan((int)Math.Min(offset, read.Length));
            needsMore |= there.Length == 0;
            there = there[..Math.Min(there.Length, into.Length)];
            there.CopyTo(into);
            return there.Length;
        }
    }

    private async Task ReadMoreAsync(string id, CancellationToken cancellationToken)
    {
        var from = read.Length;
        var to = (int)Math.Min(length, Math.Min(Most, Math.Max(First, from * 2L)));
        using var reply = await hub.GetAsync(path, new ByteRange(from, to - 1), cancellationToken);
        if (hub.Passing(reply) is { } passing)
            throw passing;
        var asked = reply.Status == 206 && reply.Response.Content.Headers.ContentRange?.From == from;
        if (!asked && reply.Status != 200)
            throw reply.Response.IsSuccessStatusCode ? new LocalMcpException($"{hub.Label} sent another part of the file than it was asked for. Try again later, or check HF_ENDPOINT.")
                : HubRefusal.Of(hub, reply, await hub.TextAsync(reply, cancellationToken), id);
        await using var body = await reply.Response.Content.ReadAsStreamAsync(cancellationToken);
        var all = new byte[to];
        // A server that knows no ranges sends it from the beginning; no more than needed is read of that.
        for (var at = asked ? from : 0; at < to;)
            at += await hub.ReadAsync(body, all.AsMemory(at), cancellationToken) is > 0 and var more ? more : throw new TransientFailure("the connection ended early");
        read = asked ? [.. read, .. all.AsSpan(from)] : all;
    }
}
