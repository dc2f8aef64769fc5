using System.Buffers.Binary;

namespace LocalMcp.TestModels;

/// <summary>
/// A model of any size that says nonsense. Speed and memory do not depend on what the weights are, so it stands in for a real
/// one in benchmarks and memory checks. The same shape, architecture, type and seed give the same bytes.
/// </summary>
public static class RandomModel
{
    /// <exception cref="ArgumentException">No engine could load a model of this shape.</exception>
    public static void Write(
        string path, RandomShape shape, TensorType type = TensorType.Q4_0, ulong seed = 1, RandomArchitecture? architecture = null, string name = "Random")
    {
        shape.Check();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        Write(file, shape, type, seed, architecture ?? RandomArchitecture.Llama, name);
    }

    private static void Write(Stream output, RandomShape shape, TensorType type, ulong seed, RandomArchitecture architecture, string name)
    {
        using var gguf = new GgufWriter();
        gguf.Add("general.architecture", architecture.Name);
        gguf.Add("general.type", "model");
        gguf.Add("general.name", name);
        gguf.Add("general.file_type", type.FileType());
        gguf.Add("general.quantization_version", 2u);
        architecture.Describe(gguf, shape);
        Words(shape.Vocabulary).WriteTo(gguf);
        gguf.Add("tokenizer.chat_template", ChatTemplates.Plain);

        var random = new RandomBits(seed);
        foreach (var part in Parts(shape, architecture)) gguf.Add(Tensor(part, type, random));
        gguf.WriteTo(output);
    }

    private static IEnumerable<RandomArchitecture.Part> Parts(RandomShape shape, RandomArchitecture architecture)
    {
        yield return new("token_embd.weight", shape.Width, shape.Vocabulary);
        yield return new("output_norm.weight", shape.Width);
        if (!shape.TiedOutput) yield return new("output.weight", shape.Width, shape.Vocabulary);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            foreach (var part in architecture.Layer(shape)) yield return part with { Name = $"blk.{layer}.{part.Name}" };
        }
    }

    private static GgufTensor Tensor(RandomArchitecture.Part part, TensorType type, RandomBits random)
    {
        if (part.Dimensions is [var length])
        {
            var value = part.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1f : 0.01f;
            return new GgufTensor(part.Name, TensorType.F32, part.Dimensions, output => WriteVector(output, length, value));
        }

        // The choice of experts is stored in full in real models too.
        var stored = part.Name.EndsWith("ffn_gate_inp.weight", StringComparison.Ordinal) ? TensorType.F32 : type;
        var size = 1 / Math.Sqrt(part.Dimensions[0]);
        var elements = part.Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
        return new GgufTensor(part.Name, stored, part.Dimensions, output => RandomNumbers.Write(output, stored, elements, size, random));
    }

    private static void WriteVector(Stream output, long length, float value)
    {
        var bytes = new byte[length * sizeof(float)];
        for (var at = 0; at < bytes.Length; at += sizeof(float)) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
        output.Write(bytes);
    }

    // Made-up words of five letters or more, since shorter texts would join in prompts, which stay one token per byte.
    private static Vocabulary Words(int count)
    {
        var vocabulary = new Vocabulary();
        for (var number = vocabulary.Count; number < count; number++) vocabulary.TryAdd(Word(number), out _);
        return vocabulary;
    }

    private static string Word(int number)
    {
        Span<char> letters = stackalloc char[6];
        letters[0] = '▁';
        for (var at = 1; at < letters.Length; at++)
        {
            var choice = at % 2 == 1 ? "bdfgklmnprstvz" : "aeiou12345";
            letters[at] = choice[number % choice.Length];
            number /= choice.Length;
        }

        return new string(letters);
    }
}
