using System.Buffers.Binary;
using System.Text;

namespace LocalMcp.Models.Gguf;

/// <summary>
/// What a GGUF file says of itself in its metadata. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
/// Only the keys asked for are kept; lengths are checked against the file before anything is read, so a lying file costs nothing.
/// </summary>
internal sealed record GgufHeader(string? Architecture, int? ContextLength, string? Quantization, string? ChatTemplate)
{
    private const int LongestKey = 64 * 1024;
    private const int LongestText = 1024 * 1024;

    /// <summary>Reads the metadata.</summary>
    /// <exception cref="InvalidDataException">It is not a GGUF file of version 2 or 3, or it is broken.</exception>
    public static GgufHeader Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 256 * 1024, FileOptions.SequentialScan);
        try
        {
            return Read(file);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The file ends in the middle of its metadata.");
        }
    }

    private static GgufHeader Read(Stream file)
    {
        if (UInt32(file) != 0x46554747)
            throw new InvalidDataException("The file does not begin with GGUF.");
        if (UInt32(file) is var version && version is not (2 or 3))
            throw new InvalidDataException($"GGUF version {version} is not known.");
        UInt64(file);
        var count = UInt64(file);
        var texts = new Dictionary<string, string>();
        var numbers = new Dictionary<string, long>();
        for (ulong i = 0; i < count; i++)
            ReadPair(file, texts, numbers);
        var architecture = texts.GetValueOrDefault("general.architecture");
        return new GgufHeader(
            architecture,
            numbers.TryGetValue($"{architecture}.context_length", out var context) && context is > 0 and <= int.MaxValue ? (int)context : null,
            numbers.TryGetValue("general.file_type", out var type) ? GgufFileType.Name(type) : null,
            texts.GetValueOrDefault("tokenizer.chat_template"));
    }

    private static void ReadPair(Stream file, Dictionary<string, string> texts, Dictionary<string, long> numbers)
    {
        var key = Text(file, LongestKey);
        var type = UInt32(file);
        if (type == Type.Text && key is "general.architecture" or "tokenizer.chat_template")
            texts[key] = Text(file, LongestText);
        else if (Type.Size(type) is { } size and <= 8 && type != Type.Float32 && type != Type.Float64)
            numbers[key] = Number(file, size);
        else
            Skip(file, type);
    }

    private static void Skip(Stream file, uint type)
    {
        if (Type.Size(type) is { } size)
        {
            Forward(file, (ulong)size);
        }
        else if (type == Type.Text)
        {
            Forward(file, UInt64(file));
        }
        else if (type == Type.Array)
        {
            var element = UInt32(file);
            var count = UInt64(file);
            if (Type.Size(element) is { } each)
                Forward(file, checked(count * (ulong)each));
            else if (element is Type.Text)
                for (ulong i = 0; i < count; i++)
                    Forward(file, UInt64(file));
            else
                throw new InvalidDataException($"An array of type {element} is not known.");
        }
        else
        {
            throw new InvalidDataException($"A value of type {type} is not known.");
        }
    }

    private static void Forward(Stream file, ulong bytes)
    {
        if (bytes > (ulong)(file.Length - file.Position))
            throw new InvalidDataException("The metadata claims more than the file holds.");
        // Reading on is cheaper than a seek, which would throw the buffer away.
        Span<byte> sink = stackalloc byte[512];
        if (bytes > 64 * 1024)
            file.Seek((long)bytes, SeekOrigin.Current);
        else
            for (var left = (int)bytes; left > 0;)
                left -= file.Read(sink[..Math.Min(left, sink.Length)]) is > 0 and var read ? read : throw new EndOfStreamException();
    }

    private static string Text(Stream file, int longest)
    {
        var length = UInt64(file);
        if (length > (ulong)longest || length > (ulong)(file.Length - file.Position))
            throw new InvalidDataException("A text in the metadata is longer than it can be.");
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static long Number(Stream file, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        file.ReadExactly(bytes[..size]);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private static uint UInt32(Stream file) => (uint)Number(file, 4);

    private static ulong UInt64(Stream file) => (ulong)Number(file, 8);

    private static class Type
    {
        public const uint Float32 = 6;
        public const uint Text = 8;
        public const uint Array = 9;
        public const uint Float64 = 12;

        public static int? Size(uint type) => type switch
        {
            0 or 1 or 7 => 1,
            2 or 3 => 2,
            4 or 5 or 6 => 4,
            10 or 11 or 12 => 8,
            _ => null,
        };
    }
}
