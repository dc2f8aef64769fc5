namespace LocalMcp.Models.Gguf;

/// <summary>
/// The key-value pairs of a GGUF file that mean something to us: a few texts, whole numbers, and the per-layer lists of attention heads.
/// The types: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
/// </summary>
internal sealed class GgufMetadata
{
    private const int LongestKey = 256;
    private const int LongestValue = 1024 * 1024;
    private const int MostLayers = 4096;

    // Real files have some dozens; each takes 13 bytes or more.
    private const ulong MostPairs = 65_536;
    private const ulong LeastPair = 13;

    private readonly Dictionary<string, string> texts = [];
    private readonly Dictionary<string, ulong> numbers = [];
    private readonly Dictionary<string, ulong[]> lists = [];
    private readonly HashSet<string> keys = [];

    private GgufMetadata()
    {
    }

    /// <summary>Reads so many pairs.</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static GgufMetadata Read(GgufReader file, ulong count)
    {
        if (count > MostPairs)
            throw GgufReader.Nonsense($"it claims {count:N0} entries");
        if (count * LeastPair > file.Left)
            throw GgufReader.CutOff();
        var metadata = new GgufMetadata();
        for (ulong i = 0; i < count; i++)
            metadata.ReadPair(file);
        return metadata;
    }

    public string? Text(string key) => texts.GetValueOrDefault(key);

    /// <summary>A whole number, 0 or more; null when there is none, or when it is beyond <see cref="int.MaxValue"/>.</summary>
    public int? Number(string key) => numbers.TryGetValue(key, out var number) && number <= int.MaxValue ? (int)number : null;

    /// <summary>A number for each of <paramref name="layers"/> layers, from a list of so many or from one number for all; null otherwise.</summary>
    public IReadOnlyList<ulong>? PerLayer(string key, int layers) =>
        lists.TryGetValue(key, out var list) ? (list.Length >= layers ? list[..layers] : null)
        : numbers.TryGetValue(key, out var number) && layers <= MostLayers ? [.. Enumerable.Repeat(number, layers)]
        : null;

    /// <summary>Whether any key begins so.</summary>
    public bool Has(string beginning) => keys.Any(key => key.StartsWith(beginning, StringComparison.Ordinal));

    private void ReadPair(GgufReader file)
    {
        var key = file.Text(LongestKey) ?? "";
        var type = file.UInt32();
        keys.Add(key);
        if (type == ValueType.Text && key is "general.architecture" or "general.type" or "tokenizer.chat_template")
            Keep(texts, key, file.Text(LongestValue));
        else if (ValueType.IsWhole(type))
            numbers[key] = Number(file, type);
        else if (type == ValueType.Array)
            ReadArray(file, key);
        else
            Skip(file, type, 1);
    }

    private void ReadArray(GgufReader file, string key)
    {
        var type = file.UInt32();
        var count = file.UInt64();
        if (count <= MostLayers && ValueType.IsWhole(type) && key.Contains(".attention.", StringComparison.Ordinal))
            lists[key] = Numbers(file, type, (int)count);
        else
            Skip(file, type, count);
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

    private static void Skip(GgufReader file, uint type, ulong count)
    {
        if (type == ValueType.Text)
        {
            if (count > file.Left / 8)
                throw GgufReader.CutOff();
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

    private static void Keep(Dictionary<string, string> texts, string key, string? text)
    {
        if (text is not null)
            texts[key] = text;
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
