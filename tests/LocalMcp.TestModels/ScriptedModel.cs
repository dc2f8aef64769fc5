using System.Buffers.Binary;

namespace LocalMcp.TestModels;

/// <summary>
/// A model that answers every prompt with its script, at any temperature, through any engine that runs llama models. Its one
/// layer adds nothing, so what it says next depends on the last token alone: a token's embedding is the code of its
/// successor, and the output matrix holds each token's own code. Every token of a prompt is followed by the script's first.
/// </summary>
public static class ScriptedModel
{
    private const int Width = TokenCodes.Signs;

    // The right token scores 64 × 20, others at most half of that: certain even at temperatures far above 2.
    private const float Loudness = 20;

    /// <exception cref="ArgumentException">The text is not valid Unicode, or endless and empty.</exception>
    public static void Write(string path, Script script)
    {
        using var file = File.Create(path);
        Write(file, script);
    }

    /// <inheritdoc cref="Write(string, Script)"/>
    public static void Write(Stream output, Script script)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(script.ContextLength, 1, nameof(script));
        var vocabulary = new Vocabulary();
        var tokens = ScriptTokens.Of(script, vocabulary);
        foreach (var text in script.PromptTokens) vocabulary.TryAddTag(text, out _);
        vocabulary.PadTo(TensorTypes.BlockSize);

        using var gguf = new GgufWriter();
        AddDescription(gguf, script);
        vocabulary.WriteTo(gguf);
        gguf.Add("tokenizer.chat_template", script.ChatTemplate);
        AddTable(gguf, vocabulary, tokens, Line(script, tokens));
        AddIdleLayer(gguf);
        gguf.WriteTo(output);
    }

    // What is said in order, with what comes after the last token at the end.
    private static int[] Line(Script script, ScriptTokens tokens)
    {
        if (!script.Endless) return [.. tokens.Answer, Vocabulary.EndOfTurn];
        if (tokens.Answer.Count == 0) throw new ArgumentException("An endless script needs a text.", nameof(script));
        return [.. tokens.Answer, tokens.Answer[0]];
    }

    private static void AddDescription(GgufWriter gguf, Script script)
    {
        gguf.Add("general.architecture", "llama");
        gguf.Add("general.type", "model");
        gguf.Add("general.name", script.Name);
        gguf.Add("general.file_type", TensorType.Q4_0.FileType());
        gguf.Add("general.quantization_version", 2u);
        gguf.Add("llama.context_length", (uint)script.ContextLength);
        gguf.Add("llama.embedding_length", Width);
        gguf.Add("llama.block_count", 1u);
        gguf.Add("llama.feed_forward_length", Width);
        gguf.Add("llama.attention.head_count", 1u);
        gguf.Add("llama.attention.head_count_kv", 1u);
        gguf.Add("llama.attention.layer_norm_rms_epsilon", 1e-6f);
        gguf.Add("llama.rope.dimension_count", Width);
    }

    private static void AddTable(GgufWriter gguf, Vocabulary vocabulary, ScriptTokens tokens, int[] line)
    {
        var codes = new TokenCodes(line.Distinct());
        var successor = new int[vocabulary.Count];
        Array.Fill(successor, line[0]);
        for (var position = 0; position + 1 < line.Length; position++) successor[line[position]] = line[position + 1];
        if (tokens.AfterThoughts is var (start, token)) successor[token] = line[start];

        gguf.Add(Matrix("token_embd.weight", vocabulary.Count, row => codes.Of(successor[row])));
        gguf.Add(Matrix("output.weight", vocabulary.Count, row => codes.Has(row) ? codes.Of(row) : null));
        gguf.Add(Vector("output_norm.weight", Loudness));
    }

    private static void AddIdleLayer(GgufWriter gguf)
    {
        foreach (var norm in (string[])["attn_norm", "ffn_norm"]) gguf.Add(Vector($"blk.0.{norm}.weight", 1));
        foreach (var weight in (string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
            gguf.Add(Matrix($"blk.0.{weight}.weight", Width, _ => null));
    }

    private static GgufTensor Vector(string name, float value) => new(name, TensorType.F32, [Width], output =>
    {
        Span<byte> bytes = stackalloc byte[Width * sizeof(float)];
        for (var at = 0; at < bytes.Length; at += sizeof(float)) BinaryPrimitives.WriteSingleLittleEndian(bytes[at..], value);
        output.Write(bytes);
    });

    private static GgufTensor Matrix(string name, int rows, Func<int, ulong?> code) => new(name, TensorType.Q4_0, [Width, rows], output =>
    {
        for (var row = 0; row < rows; row++) WriteSigns(output, code(row));
    });

    // Q4_0 with a scale of one, which holds +1, -1 and 0 exactly: the first half of a block is in the low halves of its bytes.
    private static void WriteSigns(Stream output, ulong? code)
    {
        const int half = TensorTypes.BlockSize / 2;
        Span<byte> block = stackalloc byte[2 + half];
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)1);
        for (var first = 0; first < Width; first += TensorTypes.BlockSize)
        {
            for (var at = 0; at < half; at++) block[2 + at] = (byte)(Weight(code, first + at) | (Weight(code, first + half + at) << 4));
            output.Write(block);
        }
    }

    private static int Weight(ulong? code, int sign) => code is { } signs ? ((signs >> sign) & 1) == 1 ? 9 : 7 : 8;
}
