using System.Globalization;

namespace LocalMcp.Pull;

/// <summary>Brings one file: goes on where a part ends, tries again when the connection drops, and believes nothing that the server says of what it sends.</summary>
internal sealed class HubDownload(HubConnection hub, HubRepository repository, HubFile file, TimeProvider clock, Action<PullStep> watch)
{
    private const int BufferSize = 256 * 1024;

    // So much has to come beyond what ever came for a failure to count as the first one again.
    private const long Progress = 1024 * 1024;

    private int restarts;

    /// <summary>What a part of this file is noted to be of.</summary>
    public PartNotes Notes => new(repository.Id, file.Path, repository.Commit, file.Size, file.Sha256);

    /// <summary>Downloads what is missing, checks it, and puts it in place. The caller holds the lock.</summary>
    /// <param name="progress">Hears how many bytes of the file are there.</param>
    /// <exception cref="LocalMcpException">It cannot be had. What has come stays, unless it is wrong.</exception>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async Task RunAsync(string target, Action<long> progress, CancellationToken cancellationToken)
    {
        await using var part = await PartFile.OpenAsync(target, Notes, watch, progress, cancellationToken);
        var patience = Patience.ForDownload(hub.Label, clock);
        watch(new PullStep.Phase($"downloading {Path.GetFileName(target)}"));
        for (var furthest = part.Length; part.Length < file.Size;)
        {
            try
            {
                await ReceiveAsync(part, progress, cancellationToken);
            }
            catch (TransientFailure failure)
            {
                if (part.Length - furthest >= Progress)
                {
                    furthest = part.Length;
                    patience.Restore();
                }
                await patience.WaitAsync(failure, watch, cancellationToken);
            }
        }
        part.Finish();
    }

    private async Task ReceiveAsync(PartFile part, Action<long> progress, CancellationToken cancellationToken)
    {
        var range = part.Length > 0 ? new ByteRange(part.Length, Seen: part.Version) : null;
        using var reply = await hub.GetAsync(repository.PathOf(file), range, cancellationToken);
        if (hub.Passing(reply) is { } passing)
            throw passing;
        if (Unusable(part, reply) is { } why)
        {
            StartOver(part, why);
            return;
        }
        if (!reply.Response.IsSuccessStatusCode)
            throw HubRefusal.Of(hub, reply, await hub.TextAsync(reply, cancellationToken), repository.Id);
        CheckSameFile(reply);
        if (reply.Status == 200 && part.Length > 0)
            part.StartOver(watch, "the server sends it from the beginning");
        CheckLength(part, reply);
        part.Is(reply.Version);
        await CopyAsync(part, reply, progress, cancellationToken);
    }

    // Why the answer is of no use to go on with; null when it is.
    private static string? Unusable(PartFile part, HubReply reply)
    {
        var sent = reply.Response.Content.Headers.ContentRange;
        return reply.Status switch
        {
            416 => "the server has no such part of it",
            206 when sent?.From != part.Length => "the server sent another part than it was asked for",
            206 when part.Version is { } seen && reply.Version is { } now && seen.Authority == now.Authority && seen.Tag.Tag != now.Tag.Tag => "the server has another version now",
            _ => null,
        };
    }

    private void StartOver(PartFile part, string why)
    {
        if (part.Length == 0 || ++restarts > 1)
            throw new LocalMcpException($"{hub.Label} cannot be used for {file.Path}: {why}, more than once. Try again later, or check HF_ENDPOINT.");
        part.StartOver(watch, why);
    }

    private void CheckSameFile(HubReply reply)
    {
        if ((reply.Sha256 is { } sha && file.Sha256 is not null && sha != file.Sha256) || (reply.Commit is { } commit && commit != repository.Commit))
            throw new LocalMcpException($"{file.Path} of {repository.Id} has changed on the server since it was listed a moment ago. The same command looks again.");
    }

    private void CheckLength(PartFile part, HubReply reply)
    {
        var headers = reply.Response.Content.Headers;
        var whole = reply.Status == 206 ? headers.ContentRange?.Length ?? file.Size : headers.ContentLength ?? file.Size;
        if (whole != file.Size || headers.ContentLength > file.Size - part.Length)
            throw WrongSize(headers.ContentLength > file.Size - part.Length && whole == file.Size ? part.Length + headers.ContentLength.Value : whole);
    }

    private LocalMcpException WrongSize(long size) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{file.Path} should have {file.Size:N0} bytes by the list of {repository.Id}, and the server sends {size:N0}. Try again later; if it stays so, tell the repository's owner."));

    private async Task CopyAsync(PartFile part, HubReply reply, Action<long> progress, CancellationToken cancellationToken)
    {
        await using var body = await reply.Response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferSize];
        while (await hub.ReadAsync(body, buffer, cancellationToken) is > 0 and var count)
        {
            if (count > file.Size - part.Length)
            {
                part.Drop();
                throw WrongSize(part.Length + count);
            }
            await part.AddAsync(buffer.AsMemory(0, count), cancellationToken);
            progress(part.Length);
        }
        if (part.Length < file.Size)
            throw new TransientFailure("the connection ended early");
    }
}
