using System.Globalization;

namespace LocalMcp.TestModels;

/// <summary>
/// A SentencePiece vocabulary: four control tokens, one token for each byte, then whatever is added. Any prompt falls back to
/// the bytes, one token each, as long as nothing of one or two characters is added as <see cref="TryAdd">text</see>: an
/// engine finds longer texts by joining shorter ones.
/// </summary>
internal sealed class Vocabulary
{
    public const int Unknown = 0;
    public const int EndOfText = 1;
    public const int EndOfTurn = 2;
    public const int StartOfTurn = 3;
    public const int FirstByte = 4;

    private readonly List<string> _texts = [];
    private readonly List<int> _kinds = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public Vocabulary()
    {
        Add("<unk>", Kind.Unknown);
        Add("<|endoftext|>", Kind.Control);
        Add("<|im_end|>", Kind.Control);
        Add("<|im_start|>", Kind.Control);
        for (var value = 0; value < 256; value++) Add(ByteText(value) + '>', Kind.Byte);
    }

    private enum Kind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }

    public int Count => _texts.Count;

    /// <summary>Adds a text that no prompt is ever cut into, unless a token is spelled so already. Its ▁ come out as spaces.</summary>
    public bool TryAdd(string text, out int token) => TryAdd(text, Kind.Normal, out token);

    /// <summary>Adds a text that is one token in a prompt too, wherever it occurs.</summary>
    public bool TryAddTag(string text, out int token) => TryAdd(text, Kind.UserDefined, out token);

    /// <summary>
    /// Adds one more token that comes out as this byte. Engines read the value from the two digits and look up prompt bytes by
    /// the whole spelling, so the number behind the digits keeps these tokens distinct, and out of prompts.
    /// </summary>
    public int AddByte(byte value) => Add(string.Create(CultureInfo.InvariantCulture, $"{ByteText(value)}/{Count}>"), Kind.Byte);

    /// <summary>Fills up to a multiple, for matrix kernels that like round sizes.</summary>
    public void PadTo(int multiple)
    {
        while (Count % multiple != 0) Add(string.Create(CultureInfo.InvariantCulture, $"<|unused_{Count}|>"), Kind.Unused);
    }

    public void WriteTo(GgufWriter gguf)
    {
        gguf.Add("tokenizer.ggml.model", "llama");
        gguf.Add("tokenizer.ggml.pre", "default");
        gguf.Add("tokenizer.ggml.tokens", _texts);
        gguf.Add("tokenizer.ggml.scores", new float[Count]);
        gguf.Add("tokenizer.ggml.token_type", _kinds);
        gguf.Add("tokenizer.ggml.unknown_token_id", Unknown);
        gguf.Add("tokenizer.ggml.bos_token_id", EndOfText);
        gguf.Add("tokenizer.ggml.eos_token_id", EndOfTurn);
        gguf.Add("tokenizer.ggml.eot_token_id", EndOfTurn);
        gguf.Add("tokenizer.ggml.add_bos_token", false);
        gguf.Add("tokenizer.ggml.add_eos_token", false);
        gguf.Add("tokenizer.ggml.add_space_prefix", false);
    }

    private static string ByteText(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}");

    private bool TryAdd(string text, Kind kind, out int token)
    {
        token = Count;
        if (!_taken.Add(text)) return false;
        _texts.Add(text);
        _kinds.Add((int)kind);
        return true;
    }

    private int Add(string text, Kind kind) =>
        TryAdd(text, kind, out var token) ? token : throw new InvalidOperationException($"Two tokens are spelled {text}.");
}
