using LocalMcp.TestModels.Architectures;

namespace LocalMcp.TestModels;

/// <summary>
/// What an engine expects of an architecture: its name, its metadata, and the tensors of each layer. Another one is another
/// instance of this record.
/// </summary>
public sealed record RandomArchitecture
{
    internal RandomArchitecture(string name, RandomShape sample)
    {
        Name = name;
        Sample = sample;
    }

    public static RandomArchitecture Llama { get; } = DenseArchitectures.Llama;

    public static RandomArchitecture Qwen2 { get; } = DenseArchitectures.Qwen2;

    public static RandomArchitecture Qwen3 { get; } = DenseArchitectures.Qwen3;

    public static RandomArchitecture Qwen3Moe { get; } = ExpertArchitectures.Qwen3Moe;

    /// <summary>One matrix for queries, keys and values, and one for the feed-forward part.</summary>
    public static RandomArchitecture Phi3 { get; } = DenseArchitectures.Phi3;

    /// <summary>A sliding window in the first of every two layers.</summary>
    public static RandomArchitecture Gemma2 { get; } = DenseArchitectures.Gemma2;

    /// <summary>A sliding window in the first five of every six layers.</summary>
    public static RandomArchitecture Gemma3 { get; } = DenseArchitectures.Gemma3;

    /// <summary>As <see cref="Gemma3"/>, with other heads in the layers with a window, and last layers without keys and values of their own.</summary>
    public static RandomArchitecture Gemma4 { get; } = DenseArchitectures.Gemma4;

    /// <summary>Experts, and a sliding window in the first of every two layers.</summary>
    public static RandomArchitecture GptOss { get; } = ExpertArchitectures.GptOss;

    /// <summary>Multi-head latent attention, experts behind dense layers.</summary>
    public static RandomArchitecture DeepSeek2 { get; } = ExpertArchitectures.DeepSeek2;

    /// <summary>Experts behind dense layers, and layers that guess further tokens.</summary>
    public static RandomArchitecture Glm4Moe { get; } = ExpertArchitectures.Glm4Moe;

    /// <summary>No attention at all.</summary>
    public static RandomArchitecture Mamba2 { get; } = RecurrentArchitectures.Mamba2;

    /// <summary>Qwen 3.5 and 3.6 without experts: attention every fourth layer, gated delta net in the others.</summary>
    public static RandomArchitecture Qwen35 { get; } = RecurrentArchitectures.Qwen35;

    /// <summary>Qwen 3.5 and 3.6 with experts: attention every fourth layer, gated delta net in the others.</summary>
    public static RandomArchitecture Qwen35Moe { get; } = RecurrentArchitectures.Qwen35Moe;

    /// <summary>Experts, attention every fourth layer, gated delta net in the others.</summary>
    public static RandomArchitecture Qwen3Next { get; } = RecurrentArchitectures.Qwen3Next;

    /// <summary>Layers of three kinds: attention, state space, feed-forward.</summary>
    public static RandomArchitecture NemotronH { get; } = RecurrentArchitectures.NemotronH;

    /// <summary>Layers of three kinds: attention, state space, experts.</summary>
    public static RandomArchitecture NemotronHMoe { get; } = RecurrentArchitectures.NemotronHMoe;

    /// <summary>Attention in some layers, state space in the others, experts in all.</summary>
    public static RandomArchitecture GraniteHybrid { get; } = RecurrentArchitectures.GraniteHybrid;

    /// <summary>Attention in some layers, short convolutions in the others.</summary>
    public static RandomArchitecture Lfm2 { get; } = RecurrentArchitectures.Lfm2;

    public static IReadOnlyList<RandomArchitecture> All { get; } =
    [
        Llama, Qwen2, Qwen3, Qwen3Moe, Phi3, Gemma2, Gemma3, Gemma4, GptOss, DeepSeek2, Glm4Moe, Mamba2, Qwen35, Qwen35Moe, Qwen3Next,
        NemotronH, NemotronHMoe, GraniteHybrid, Lfm2,
    ];

    /// <summary>As GGUF's general.architecture spells it.</summary>
    public string Name { get; }

    /// <summary>A shape of some million parameters with all that is peculiar to the architecture.</summary>
    public RandomShape Sample { get; }

    /// <summary>Whether embedding and output are one matrix; null: as the shape says.</summary>
    internal bool? TiedOutput { get; init; }

    /// <summary>Tensors that are of no layer, beside embedding, output and the norm before it.</summary>
    internal Func<RandomShape, IEnumerable<RandomPart>> Extras { get; init; } = _ => [];

    internal string OutputNorm { get; init; } = "output_norm.weight";

    /// <summary>The layers that the tensors are of, with those that only guess.</summary>
    internal Func<RandomShape, int> Blocks { get; init; } = shape => shape.Layers;

    internal Action<Attributes, RandomShape> Attributes { get; init; } = (_, _) => { };

    /// <summary>The tensors of one layer, counted from 0.</summary>
    internal Func<RandomShape, int, IEnumerable<RandomPart>> Layer { get; init; } = (_, _) => [];

    public static RandomArchitecture Named(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException($"There is no architecture {name} here. Known are {string.Join(", ", All.Select(known => known.Name))}.", nameof(name));

    public override string ToString() => Name;

    internal void Describe(GgufWriter gguf, RandomShape shape)
    {
        var attributes = new Attributes(gguf, Name);
        attributes.AddBasics(shape, Blocks(shape));
        Attributes(attributes, shape);
    }

    /// <summary>All tensors of a model.</summary>
    internal IEnumerable<RandomPart> Parts(RandomShape shape)
    {
        yield return new("token_embd.weight", shape.Width, shape.Vocabulary);
        yield return new(OutputNorm, shape.Width);
        if (!(TiedOutput ?? shape.TiedOutput)) yield return new("output.weight", shape.Width, shape.Vocabulary);
        foreach (var part in Extras(shape)) yield return part;
        for (var layer = 0; layer < Blocks(shape); layer++)
        {
            foreach (var part in Layer(shape, layer)) yield return part with { Name = $"blk.{layer}.{part.Name}" };
        }
    }
}
