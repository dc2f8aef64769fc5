using System.Buffers.Binary;
using LocalMcp.TestModels.Architectures;

namespace LocalMcp.TestModels;

/// <summary>
/// A model of any size that says nonsense. Speed and memory do not depend on what the weights are, so it stands in for a real
/// one in benchmarks and memory checks. The same shape, architecture, type and seed give the same bytes.
/// </summary>
public static class RandomModel
{
    /// <param name="path">The file, which is overwritten.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="type">What most weights are stored in; <see cref="WeightTypes"/> says which are not.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="architecture">Null: llama.</param>
    /// <param name="name">What the file calls the model.</param>
    /// <param name="hollow">
    /// Whether to leave the weights out. The file has its header and its length, so its memory can be reckoned up; loaded, all weights are zero.
    /// </param>
    /// <exception cref="ArgumentException">No engine could load a model of this shape.</exception>
    public static void Write(
        string path, RandomShape shape, TensorType type = TensorType.Q4_0, ulong seed = 1, RandomArchitecture? architecture = null, string name = "Random", bool hollow = false)
    {
        shape.Check();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        using var gguf = Describe(shape, type, seed, architecture ?? RandomArchitecture.Llama, name);
        if (hollow) gguf.WriteHollowTo(file);
        else gguf.WriteTo(file);
    }

    private static GgufWriter Describe(RandomShape shape, TensorType type, ulong seed, RandomArchitecture architecture, string name)
    {
        var gguf = new GgufWriter();
        gguf.Add("general.architecture", architecture.Name);
        gguf.Add("general.type", "model");
        gguf.Add("general.name", name);
        gguf.Add("general.file_type", type.FileType());
        gguf.Add("general.quantization_version", 2u);
        architecture.Describe(gguf, shape);
        Words(shape.Vocabulary).WriteTo(gguf);
        gguf.Add("tokenizer.chat_template", ChatTemplates.Plain);

        var random = new RandomBits(seed);
        var types = new WeightTypes(type, architecture, shape);
        foreach (var part in architecture.Parts(shape)) gguf.Add(Tensor(part, types.Of(part), random));
        return gguf;
    }

    private static GgufTensor Tensor(RandomPart part, TensorType type, RandomBits random)
    {
        if (part.Constant is { } value) return new GgufTensor(part.Name, TensorType.F32, part.Dimensions, output => WriteConstant(output, part.Elements, value));
        var size = 1 / Math.Sqrt(part.Dimensions[0]);
        return new GgufTensor(part.Name, type, part.Dimensions, output => RandomNumbers.Write(output, type, part.Elements, size, random));
    }

    private static void WriteConstant(Stream output, long length, float value)
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
