namespace LocalMcp.Models.Gguf;

/// <summary>
/// Reads the key-value pairs of a GGUF file. What is kept is bounded, whatever the file claims; the rest is passed over.
/// The types: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
/// </summary>
internal sealed class GgufMetadataReader
{
    private const int LongestKey = 256;
    private const int LongestName = 256;
    private const int LongestTemplate = 1024 * 1024;

    // Real files have some dozens; each takes 13 bytes or more.
    private const ulong MostPairs = 8192;
    private const ulong LeastPair = 13;

    // The largest vocabularies have some 300,000 tokens, and twice as many merges. In one list, and in all together: each takes some nanoseconds to pass over.
    private const ulong MostTexts = 2_000_000;

    // Real files have four of them.
    private const int MostLists = 16;

    private static readonly string[] ListKeys = [".head_count", ".head_count_kv", ".sliding_window_pattern", ".recurrent_layers", ".feed_forward_length"];

    private readonly GgufReader file;
    private readonly GgufMetadata metadata = new();
    private int lists = MostLists;
    private ulong texts = MostTexts;

    private GgufMetadataReader(GgufReader file) => this.file = file;

    /// <summary>Reads so many pairs.</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static GgufMetadata Read(GgufReader file, ulong count)
    {
        if (count > MostPairs)
            throw GgufReader.Nonsense($"it claims {count:N0} entries");
        if (count * LeastPair > file.Left)
            throw GgufReader.CutOff();
        var reader = new GgufMetadataReader(file);
        for (ulong i = 0; i < count; i++)
            reader.ReadPair();
        return reader.metadata;
    }

    private void ReadPair()
    {
        var key = file.Text(LongestKey);
        var type = file.UInt32();
        if (key is null)
            Skip(type);
        else if (!metadata.Add(key))
            throw GgufReader.Nonsense("a key that comes twice");
        else if (type == ValueType.Text && LongestText(key) is { } longest)
            Keep(key, file.Text(longest));
        else if (ValueType.IsWhole(type))
            metadata.Add(key, Number(type));
        else if (type == ValueType.Array)
            ReadList(key);
        else
            Skip(type);
    }

    private static int? LongestText(string key) => key switch
    {
        "general.architecture" or "general.type" or "tokenizer.ggml.model" => LongestName,
        "tokenizer.chat_template" => LongestTemplate,
        _ => null,
    };

    private void ReadList(string key)
    {
        var type = file.UInt32();
        var count = file.UInt64();
        if (key == "tokenizer.ggml.tokens")
            metadata.AddLength(key, count);
        if (count <= GgufMetadata.MostLayers && ValueType.IsWhole(type) && Array.Exists(ListKeys, end => key.EndsWith(end, StringComparison.Ordinal)) && lists-- > 0)
            metadata.Add(key, Numbers(type, (int)count));
        else
            SkipList(type, count);
    }

    // No list before its bytes are known to be there.
    private ulong[] Numbers(uint type, int count)
    {
        if ((ulong)count * (ulong)ValueType.Size(type)!.Value > file.Left)
            throw GgufReader.CutOff();
        var numbers = new ulong[count];
        for (var i = 0; i < count; i++)
            numbers[i] = Number(type);
        return numbers;
    }

    private ulong Number(uint type) => ValueType.Size(type) switch
    {
        1 => file.Byte(),
        2 => file.UInt16(),
        4 => file.UInt32(),
        _ => file.UInt64(),
    };

    private void Skip(uint type)
    {
        if (type == ValueType.Array)
            SkipList(file.UInt32(), file.UInt64());
        else
            SkipList(type, 1);
    }

    private void SkipList(uint type, ulong count)
    {
        if (type == ValueType.Text)
        {
            if (count > file.Left / 8)
                throw GgufReader.CutOff();
            if (count > texts)
                throw GgufReader.Nonsense($"a list of {count:N0} texts");
            texts -= count;
            file.SkipTexts(count);
        }
        else if (ValueType.Size(type) is { } size)
        {
            file.Skip(count <= file.Left ? count * (ulong)size : throw GgufReader.CutOff());
        }
        else
        {
            throw GgufReader.Nonsense($"a value of type {type}");
        }
    }

    private void Keep(string key, string? text)
    {
        if (text is not null)
            metadata.Add(key, text);
    }

    private static class ValueType
    {
        private const uint Float32 = 6;
        private const uint Float64 = 12;
        public const uint Text = 8;
        public const uint Array = 9;

        /// <summary>Integers and booleans.</summary>
        public static bool IsWhole(uint type) => type is not (Float32 or Float64) && Size(type) is not null;

        public static int? Size(uint type) => type switch
        {
            0 or 1 or 7 => 1,
            2 or 3 => 2,
            4 or 5 or Float32 => 4,
            10 or 11 or Float64 => 8,
            _ => null,
        };
    }
}
