namespace LocalMcp.TestModels;

/// <summary>The sizes of a random model.</summary>
/// <param name="Layers">How many layers.</param>
/// <param name="Width">Numbers per token inside the model; a multiple of the heads.</param>
/// <param name="Heads">Attention heads; a multiple of the KV heads.</param>
/// <param name="KvHeads">Heads that are kept in the KV cache.</param>
/// <param name="FeedForward">Width of the feed-forward part (of one expert, where there are experts).</param>
/// <param name="Vocabulary">Tokens; 512 to 262,144.</param>
public sealed record RandomShape(int Layers, int Width, int Heads, int KvHeads, int FeedForward, int Vocabulary)
{
    private static readonly Dictionary<string, RandomShape> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["10M"] = new(4, 256, 4, 2, 1024, 16384) { TiedOutput = true },
        ["100M"] = new(12, 640, 10, 2, 2560, 32768) { TiedOutput = true },
        ["0.5B"] = new(24, 896, 14, 2, 4864, 151936) { TiedOutput = true },
        ["1B"] = new(16, 2048, 32, 8, 8192, 128256) { TiedOutput = true },
        ["1.5B"] = new(28, 1536, 12, 2, 8960, 151936) { TiedOutput = true },
        ["3B"] = new(36, 2048, 16, 2, 11008, 151936) { TiedOutput = true },
        ["7B"] = new(28, 3584, 28, 4, 18944, 152064),
        ["14B"] = new(48, 5120, 40, 8, 13824, 152064),
        ["32B"] = new(64, 5120, 40, 8, 27648, 152064),
    };

    /// <summary>The names that <see cref="Named"/> knows, smallest first.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    public int HeadWidth => Width / Heads;

    /// <summary>The trained context in tokens. Default: 32,768.</summary>
    public int ContextLength { get; init; } = 32768;

    /// <summary>Whether embedding and output are one matrix. Default: false.</summary>
    public bool TiedOutput { get; init; }

    /// <summary>Experts per layer, for an architecture that has them. Default: 8.</summary>
    public int Experts { get; init; } = 8;

    /// <summary>Experts that work on one token. Default: 2.</summary>
    public int ExpertsUsed { get; init; } = 2;

    /// <summary>The shape of a usual model of about this many parameters, such as "0.5B".</summary>
    public static RandomShape Named(string parameters) => Known.TryGetValue(parameters, out var shape)
        ? shape
        : throw new ArgumentException($"No shape is known for {parameters} parameters. Known are {string.Join(", ", Names)}.", nameof(parameters));

    /// <exception cref="ArgumentException">No engine could load a model of this shape.</exception>
    internal void Check()
    {
        if (Layers < 1 || Heads < 1 || KvHeads < 1) throw new ArgumentException("A model needs at least one layer, one head and one KV head.");
        if (Vocabulary is < 512 or > 262_144) throw new ArgumentException("A random model needs a vocabulary of 512 to 262,144 tokens.");
        if (Heads % KvHeads != 0) throw new ArgumentException($"{Heads} heads cannot share {KvHeads} KV heads evenly.");
        if (Width % Heads != 0 || HeadWidth % 2 != 0) throw new ArgumentException($"A width of {Width} gives {Heads} heads no even width each.");
        if (Width % TensorTypes.BlockSize != 0 || FeedForward % TensorTypes.BlockSize != 0)
            throw new ArgumentException($"Width ({Width}) and feed-forward width ({FeedForward}) must be multiples of {TensorTypes.BlockSize}.");
        if (Heads * HeadWidth % TensorTypes.BlockSize != 0) throw new ArgumentException("The heads together must be a multiple of 32 wide.");
        if (ExpertsUsed < 1 || ExpertsUsed > Experts) throw new ArgumentException($"{ExpertsUsed} of {Experts} experts cannot work on a token.");
    }
}
