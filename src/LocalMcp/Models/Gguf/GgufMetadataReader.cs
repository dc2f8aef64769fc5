namespace LocalMcp.Models.Gguf;

/// <summary>
/// Reads the key-value pairs of a GGUF file. What is kept is bounded, whatever the file claims; the rest is passed over.
/// The types: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
/// </summary>
internal static class GgufMetadataReader
{
    private const int LongestKey = 256;
    private const int LongestName = 256;
    private const int LongestTemplate = 1024 * 1024;

    // Real files have some dozens; each takes 13 bytes or more.
    private const ulong MostPairs = 8192;
    private const ulong LeastPair = 13;

    // The largest vocabularies have some 300,000 tokens, and about as many merges.
    private const ulong MostTexts = 4_000_000;

    // Real files have four of them.
    private const int MostLists = 16;

    private static readonly string[] ListKeys = [".head_count", ".head_count_kv", ".sliding_window_pattern", ".recurrent_layers", ".feed_forward_length"];

    /// <summary>Reads so many pairs.</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static GgufMetadata Read(GgufReader file, ulong count)
    {
        if (count > MostPairs)
            throw GgufReader.Nonsense($"it claims {count:N0} entries");
        if (count * LeastPair > file.Left)
            throw GgufReader.CutOff();
        var metadata = new GgufMetadata();
        var lists = MostLists;
        for (ulong i = 0; i < count; i++)
            ReadPair(file, metadata, ref lists);
        return metadata;
    }

    private static void ReadPair(GgufReader file, GgufMetadata metadata, ref int lists)
    {
        var key = file.Text(LongestKey);
        var type = file.UInt32();
        if (key is null)
            Skip(file, type);
        else if (!metadata.Add(key))
            throw GgufReader.Nonsense("a key that comes twice");
        else if (type == ValueType.Text && LongestText(key) is { } longest)
            Keep(metadata, key, file.Text(longest));
        else if (ValueType.IsWhole(type))
            metadata.Add(key, Number(file, type));
        else if (type == ValueType.Array)
            ReadList(file, metadata, key, ref lists);
        else
            Skip(file, type);
    }

    private static int? LongestText(string key) => key switch
    {
        "general.architecture" or "general.type" or "tokenizer.ggml.model" => LongestName,
        "tokenizer.chat_template" => LongestTemplate,
        _ => null,
    };

    private static void ReadList(GgufReader file, GgufMetadata metadata, string key, ref int lists)
    {
        var type = file.UInt32();
        var count = file.UInt64();
        if (key == "tokenizer.ggml.tokens")
            metadata.AddLength(key, count);
        if (count <= GgufMetadata.MostLayers && ValueType.IsWhole(type) && Array.Exists(ListKeys, end => key.EndsWith(end, StringComparison.Ordinal)) && lists-- > 0)
            metadata.Add(key, Numbers(file, type, (int)count));
        else
            SkipList(file, type, count);
    }

    // No list before its bytes are known to be there.
    private static ulong[] Numbers(GgufReader file, uint type, int count)
    {
        if ((ulong)count * (ulong)ValueType.Size(type)!.Value > file.Left)
            throw GgufReader.CutOff();
        var numbers = new ulong[count];
        for (var i = 0; i < count; i++)
            numbers[i] = Number(file, type);
        return numbers;
    }

    private static ulong Number(GgufReader file, uint type) => ValueType.Size(type) switch
    {
        1 => file.Byte(),
        2 => file.UInt16(),
        4 => file.UInt32(),
        _ => file.UInt64(),
    };

    private static void Skip(GgufReader file, uint type)
    {
        if (type == ValueType.Array)
            SkipList(file, file.UInt32(), file.UInt64());
        else
            SkipList(file, type, 1);
    }

    private static void SkipList(GgufReader file, uint type, ulong count)
    {
        if (type == ValueType.Text)
        {
            if (count > file.Left / 8)
                throw GgufReader.CutOff();
            if (count > MostTexts)
                throw GgufReader.Nonsense($"a list of {count:N0} texts");
            for (ulong i = 0; i < count; i++)
                file.SkipText();
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

    private static void Keep(GgufMetadata metadata, string key, string? text)
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
