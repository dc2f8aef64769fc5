namespace LocalMcp.TestModels;

/// <summary>The sizes of a random model.</summary>
/// <param name="Layers">How many layers.</param>
/// <param name="Width">Numbers per token inside the model; a multiple of the heads.</param>
/// <param name="Heads">Attention heads; a multiple of the KV heads.</param>
/// <param name="KvHeads">Heads that are kept in the KV cache.</param>
/// <param name="FeedForward">Width of the feed-forward part (of one expert, where there are experts).</param>
/// <param name="Vocabulary">Tokens; 512 to 270,000.</param>
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

    private readonly int? _headWidth;
    private readonly int? _ropeWidth;
    private readonly int? _denseFeedForward;
    private readonly int? _sharedFeedForward;
    private readonly int? _windowHeadWidth;
    private readonly int? _windowKvHeads;

    /// <summary>The names that <see cref="Named"/> knows, smallest first.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Numbers of one head's query, key and value. Default: the width shared out evenly.</summary>
    public int HeadWidth
    {
        get => _headWidth ?? Width / Heads;
        init => _headWidth = value;
    }

    /// <summary>How many of a head's numbers are rotated with the position. Default: all.</summary>
    public int RopeWidth
    {
        get => _ropeWidth ?? HeadWidth;
        init => _ropeWidth = value;
    }

    /// <summary>The trained context in tokens. Default: 32,768.</summary>
    public int ContextLength { get; init; } = 32768;

    /// <summary>Whether embedding and output are one matrix. Default: false.</summary>
    public bool TiedOutput { get; init; }

    /// <summary>Experts per layer, for an architecture that has them. Default: 8.</summary>
    public int Experts { get; init; } = 8;

    /// <summary>Experts that work on one token. Default: 2.</summary>
    public int ExpertsUsed { get; init; } = 2;

    /// <summary>Width of the experts that work on every token, together. Default: that of one expert.</summary>
    public int SharedFeedForward
    {
        get => _sharedFeedForward ?? FeedForward;
        init => _sharedFeedForward = value;
    }

    /// <summary>Layers at the beginning without experts, where the architecture has such layers. Default: 1.</summary>
    public int DenseLayers { get; init; } = 1;

    /// <summary>Width of the feed-forward part in those. Default: that of the experts that work on a token.</summary>
    public int DenseFeedForward
    {
        get => _denseFeedForward ?? FeedForward * ExpertsUsed;
        init => _denseFeedForward = value;
    }

    /// <summary>Tokens that the layers with a sliding window see, where the architecture has such layers. Default: 512.</summary>
    public int SlidingWindow { get; init; } = 512;

    /// <summary><see cref="HeadWidth"/> of the layers with a sliding window, where the architecture tells them apart. Default: the same.</summary>
    public int WindowHeadWidth
    {
        get => _windowHeadWidth ?? HeadWidth;
        init => _windowHeadWidth = value;
    }

    /// <summary><see cref="KvHeads"/> of the layers with a sliding window, where the architecture tells them apart. Default: the same.</summary>
    public int WindowKvHeads
    {
        get => _windowKvHeads ?? KvHeads;
        init => _windowKvHeads = value;
    }

    /// <summary>Layers at the end that read the keys and values of earlier layers, where the architecture has such. Default: 0.</summary>
    public int BorrowingLayers { get; init; }

    /// <summary>Numbers per token and layer beside the width, where the architecture has such. Default: 0.</summary>
    public int LayerWidth { get; init; }

    /// <summary>The sizes of multi-head latent attention, where the architecture has it. Default (null): in the proportions of DeepSeek's.</summary>
    public LatentShape? Latent { get; init; }

    /// <summary>The sizes of recurrent layers, where the architecture has such. Default (null): the usual multiples of the width.</summary>
    public StateShape? State { get; init; }

    /// <summary>Tokens that a short convolution sees, where the architecture has such. Default: 3.</summary>
    public int ShortKernel { get; init; } = 3;

    /// <summary>Every how many layers one has attention, where the others have not. Default: 4.</summary>
    public int AttentionEvery { get; init; } = 4;

    /// <summary>The layers with attention, from 0, where a model keeps to no interval. Default (null): the last of each <see cref="AttentionEvery"/>.</summary>
    public IReadOnlyList<int>? AttentionLayers { get; init; }

    /// <summary>Layers behind the others that guess further tokens, where the architecture has such; they come on top of the layers. Default: 1.</summary>
    public int GuessingLayers { get; init; } = 1;

    /// <summary>Whether this layer has attention, in an architecture where not all have.</summary>
    public bool HasAttention(int layer) => AttentionLayers?.Contains(layer) ?? (layer + 1) % AttentionEvery == 0;

    /// <summary>The shape of a usual model of about this many parameters, such as "0.5B".</summary>
    public static RandomShape Named(string parameters) => Known.TryGetValue(parameters, out var shape)
        ? shape
        : throw new ArgumentException($"No shape is known for {parameters} parameters. Known are {string.Join(", ", Names)}.", nameof(parameters));

    /// <exception cref="ArgumentException">No engine could load a model of this shape.</exception>
    internal void Check()
    {
        if (Layers < 1 || Heads < 1 || KvHeads < 1) throw new ArgumentException("A model needs at least one layer, one head and one KV head.");
        if (Vocabulary is < 512 or > 270_000) throw new ArgumentException("A random model needs a vocabulary of 512 to 270,000 tokens.");
        if (Heads % KvHeads != 0) throw new ArgumentException($"{Heads} heads cannot share {KvHeads} KV heads evenly.");
        if ((_headWidth is null && Width % Heads != 0) || HeadWidth % 2 != 0) throw new ArgumentException($"A width of {Width} gives {Heads} heads no even width each.");
        if (Width % TensorTypes.BlockSize != 0 || FeedForward % TensorTypes.BlockSize != 0)
            throw new ArgumentException($"Width ({Width}) and feed-forward width ({FeedForward}) must be multiples of {TensorTypes.BlockSize}.");
        if (Heads * HeadWidth % TensorTypes.BlockSize != 0) throw new ArgumentException("The heads together must be a multiple of 32 wide.");
        if (ExpertsUsed < 1 || ExpertsUsed > Experts) throw new ArgumentException($"{ExpertsUsed} of {Experts} experts cannot work on a token.");
    }
}
