using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LocalMcp.Models.Gguf;

/// <summary>
/// Reads the header of a GGUF file from front to back. Every length is checked against the file before it is followed, so a file that lies
/// is an <see cref="InvalidDataException"/> and never an allocation of what it claims. The messages are short phrases without a period.
/// </summary>
internal sealed class GgufReader : IDisposable
{
    // In bytes. No header comes near it: the largest vocabularies make some 20 MB.
    private const long LongestHeader = 100_000_000;

    // llama.cpp reads no text longer than this (GGUF_MAX_STRING_LENGTH in ggml/src/gguf.cpp).
    private const ulong LongestText = 1024 * 1024 * 1024;

    private readonly ReadAt read;
    private readonly SafeFileHandle? file;
    private readonly byte[] buffer = new byte[64 * 1024];
    private long start;
    private int filled;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it.</exception>
    public GgufReader(string path)
    {
        file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Length = RandomAccess.GetLength(file);
        read = (offset, into) => RandomAccess.Read(file, into, offset);
    }

    /// <summary>Reads from elsewhere than a file of this machine.</summary>
    /// <param name="length">The length of the whole file, in bytes.</param>
    public GgufReader(long length, ReadAt read) => (Length, this.read) = (length, read);

    /// <summary>Fills a part of <paramref name="into"/> with what is at <paramref name="offset"/>, and says how many bytes that were; 0 at the end.</summary>
    public delegate int ReadAt(long offset, Span<byte> into);

    /// <summary>The length of the file, in bytes.</summary>
    public long Length { get; }

    /// <summary>How far it has been read, in bytes from its beginning.</summary>
    public long Position { get; private set; }

    /// <summary>How many bytes of the file are still to come.</summary>
    public ulong Left => (ulong)(Length - Position);

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A text of at most <paramref name="longest"/> bytes; a longer one is passed over, and null.</summary>
    public string? Text(int longest)
    {
        var length = TextLength();
        if (length > (ulong)longest)
        {
            Skip(length);
            return null;
        }
        Require(length);
        return (int)length <= buffer.Length ? Encoding.UTF8.GetString(Take((int)length)) : LongText((int)length);
    }

    /// <summary>Copies a text into <paramref name="into"/>, and says how long it is; one that is longer is passed over, and 0.</summary>
    public int ShortText(Span<byte> into)
    {
        var length = TextLength();
        if (length > (ulong)into.Length)
        {
            Skip(length);
            return 0;
        }
        Take((int)length).CopyTo(into);
        return (int)length;
    }

    /// <summary>Passes over one text.</summary>
    public void SkipText() => Skip(TextLength());

    /// <summary>Passes over so many texts: most of a header is lists of them.</summary>
    public void SkipTexts(ulong count)
    {
        while (count > 0)
        {
            var passed = ReadyTexts(ref count);
            if (passed > 0)
                Skip((ulong)passed);
            else if (count-- > 0)
                SkipText();
        }
    }

    /// <summary>Passes over some bytes.</summary>
    public void Skip(ulong bytes)
    {
        Require(bytes);
        Position += (long)bytes;
        if (Position > LongestHeader)
            throw Nonsense("it is longer than any header");
    }

    public static InvalidDataException CutOff() => new("the header is cut off");

    public static InvalidDataException Nonsense(string what) => new($"the header makes no sense: {what}");

    public void Dispose() => file?.Dispose();

    // How many bytes the next texts take, of those that are in the buffer to their end.
    private int ReadyTexts(ref ulong count)
    {
        var ready = Position >= start && Position < start + filled ? buffer.AsSpan((int)(Position - start), (int)(start + filled - Position)) : default;
        var at = 0;
        for (; count > 0 && ready.Length - at >= sizeof(ulong); count--)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(ready[at..]);
            if (length > (ulong)(ready.Length - at - sizeof(ulong)))
                break;
            at += sizeof(ulong) + (int)length;
        }
        return at;
    }

    private ulong TextLength() => UInt64() is var length and <= LongestText ? length : throw Nonsense("a text longer than any file");

    private string LongText(int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var part = Take(Math.Min(length - done, buffer.Length));
            part.CopyTo(bytes.AsSpan(done));
            done += part.Length;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Position < start || Position + count > start + filled)
            Fill(count);
        var taken = buffer.AsSpan((int)(Position - start), count);
        Skip((ulong)count);
        return taken;
    }

    private void Fill(int count)
    {
        Require((ulong)count);
        start = Position;
        filled = 0;
        while (filled < count)
            filled += read(start + filled, buffer.AsSpan(filled)) is > 0 and var more ? more : throw CutOff();
    }

    private void Require(ulong bytes)
    {
        if (bytes > Left)
            throw CutOff();
    }
}
