using System.Security.Cryptography;
using LocalMcp.Models;

namespace LocalMcp.Pull;

/// <summary>
/// The part of a file that has come so far, in <c>file.part</c>, with what it is a part of in <c>file.part.json</c>. Its hash grows with it, so
/// that the end of a download is the end of the check. It becomes the file by a rename, when all of it is there and right.
/// </summary>
internal sealed class PartFile : IAsyncDisposable
{
    private readonly string target;
    private readonly FileStream stream;
    private PartNotes notes;
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool done;

    private PartFile(string target, FileStream stream, PartNotes notes) => (this.target, this.stream, this.notes) = (target, stream, notes);

    /// <summary>How much has come, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The version that it is of, as the server that sent it names it; null when it does not.</summary>
    public ByteVersion? Version => notes.Version;

    public static string PathOf(string target) => target + ".part";

    /// <summary>How much of a file a pull would not have to bring any more, in bytes.</summary>
    public static long There(string target, PartNotes wanted) =>
        new FileInfo(PathOf(target)) is { Exists: true } part && part.Length <= wanted.Size && PartNotes.Read(target)?.IsOfSame(wanted) is true ? part.Length : 0;

    /// <summary>Opens the part of a file, or begins one. What another version left is dropped, and that is said. The caller holds the lock.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task<PartFile> OpenAsync(string target, PartNotes wanted, Action<PullStep> watch, Action<long> progress, CancellationToken cancellationToken)
    {
        var before = PartNotes.Read(target);
        RemoveLink(PathOf(target));
        var stream = new FileStream(PathOf(target), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var part = new PartFile(target, stream, wanted);
        try
        {
            if (stream.Length > 0 && before is not null && before.IsOfSame(wanted) && stream.Length <= wanted.Size)
                part.notes = wanted with { Authority = before.Authority, Tag = before.Tag };
            else if (stream.Length > 0)
                part.StartOver(watch, before is null ? "it is not known of what the part is that is there" : "the file has changed on the server since");
            part.notes.Write(target);
            await part.HashAsync(watch, progress, cancellationToken);
            return part;
        }
        catch
        {
            await part.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes a link where a file of ours goes: it is none that we made, and what it leads to is not ours to write.</summary>
    public static void RemoveLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            File.Delete(path);
    }

    /// <summary>Adds what came.</summary>
    public async Task AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken);
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Notes which version the bytes are of.</summary>
    public void Is(ByteVersion? version)
    {
        if (version is null || version == notes.Version)
            return;
        notes = notes with { Authority = version.Authority, Tag = version.Tag.ToString() };
        notes.Write(target);
    }

    /// <summary>Drops what has come.</summary>
    public void StartOver(Action<PullStep> watch, string why)
    {
        watch(new PullStep.Note($"{Path.GetFileName(target)} starts over: {why}."));
        stream.SetLength(0);
        stream.Position = 0;
        Length = 0;
        hash.Dispose();
        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        notes = notes with { Authority = null, Tag = null };
    }

    /// <summary>Makes it the file, after a last look at its hash.</summary>
    /// <exception cref="LocalMcpException">It is not what it should be. It is removed.</exception>
    public void Finish()
    {
        var got = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (notes.Sha256 is { } expected && got != expected)
        {
            Drop();
            throw new LocalMcpException($"{Path.GetFileName(target)} came with the wrong content and was removed: its sha256 should be {expected}, and is {got}. Pull again; if it happens again, the server or something on the way is at fault.");
        }
        stream.Flush(flushToDisk: true);
        File.Move(PathOf(target), target);
        done = true;
        File.Delete(PartNotes.PathOf(target));
    }

    /// <summary>Removes it.</summary>
    public void Drop()
    {
        done = true;
        File.Delete(PathOf(target));
        File.Delete(PartNotes.PathOf(target));
    }

    public async ValueTask DisposeAsync()
    {
        // What holds nothing need not be left behind.
        if (!done && stream.Length == 0)
            Drop();
        hash.Dispose();
        await stream.DisposeAsync();
    }

    private async Task HashAsync(Action<PullStep> watch, Action<long> progress, CancellationToken cancellationToken)
    {
        if (stream.Length == 0)
            return;
        var buffer = new byte[1024 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            Length += count;
            watch(new PullStep.Phase($"checking the part that is there, {ListingText.Size(Length)} of {ListingText.Size(stream.Length)}"));
        }
        progress(Length);
    }
}
