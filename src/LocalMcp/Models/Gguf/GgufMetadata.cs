namespace LocalMcp.Models.Gguf;

/// <summary>
/// What a model says of itself by the keys of https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, wherever that was read: a few texts, whole
/// numbers, and lists with a number for each layer.
/// </summary>
internal sealed class GgufMetadata
{
    /// <summary>No list for each layer is longer: llama.cpp takes 512 layers (LLAMA_MAX_LAYERS in src/llama-hparams.h).</summary>
    public const int MostLayers = 4096;

    private readonly Dictionary<string, string> texts = [];
    private readonly Dictionary<string, ulong> numbers = [];
    private readonly Dictionary<string, ulong[]> lists = [];
    private readonly Dictionary<string, ulong> lengths = [];
    private readonly HashSet<string> keys = [];

    /// <summary>That there is such a key; false when it is there already.</summary>
    public bool Add(string key) => keys.Add(key);

    /// <summary>Texts that mean something to us.</summary>
    public void Add(string key, string text)
    {
        keys.Add(key);
        texts[key] = text;
    }

    /// <summary>Whole numbers, and booleans as 0 and 1.</summary>
    public void Add(string key, ulong number)
    {
        keys.Add(key);
        numbers[key] = number;
    }

    /// <summary>A number for each layer.</summary>
    public void Add(string key, ulong[] list)
    {
        keys.Add(key);
        lists[key] = list;
    }

    /// <summary>How long a list is that nobody has read.</summary>
    public void AddLength(string key, ulong length)
    {
        keys.Add(key);
        lengths[key] = length;
    }

    public string? Text(string key) => texts.GetValueOrDefault(key);

    /// <summary>A whole number, 0 or more; null when there is none, or when it is beyond <see cref="int.MaxValue"/>.</summary>
    public int? Number(string key) => numbers.TryGetValue(key, out var number) && number <= int.MaxValue ? (int)number : null;

    /// <summary>As <see cref="Number"/>, and more than 32 bits may count.</summary>
    public long? Large(string key) => numbers.TryGetValue(key, out var number) && number <= long.MaxValue ? (long)number : null;

    /// <summary>A number for each of <paramref name="layers"/> layers, from a list of so many or from one number for all; null otherwise.</summary>
    public IReadOnlyList<ulong>? PerLayer(string key, int layers) =>
        lists.TryGetValue(key, out var list) ? (list.Length >= layers ? list[..layers] : null)
        : numbers.TryGetValue(key, out var number) && layers <= MostLayers ? [.. Enumerable.Repeat(number, layers)]
        : null;

    /// <summary>Whether there is a list with a number for each layer under this key.</summary>
    public bool HasList(string key) => lists.ContainsKey(key);

    /// <summary>The length of a list; null when there is none.</summary>
    public int? Length(string key) => lengths.TryGetValue(key, out var length) && length <= int.MaxValue ? (int)length : null;

    /// <summary>Whether any key begins so.</summary>
    public bool Has(string beginning) => keys.Any(key => key.StartsWith(beginning, StringComparison.Ordinal));
}
