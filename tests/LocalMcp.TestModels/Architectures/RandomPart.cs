namespace LocalMcp.TestModels.Architectures;

/// <summary>
/// A tensor of a random model. Weights are random and stored in the model's type; what has a <see cref="Constant"/> is filled with it and stored in full,
/// as norms, biases and small vectors are in real files.
/// </summary>
internal sealed record RandomPart(string Name, params long[] Dimensions)
{
    /// <summary>What norms hold.</summary>
    public const float One = 1;

    /// <summary>What biases and the rest of the vectors hold.</summary>
    public const float Small = 0.01f;

    /// <summary>Every number of the tensor. Default: one for norms, little for other vectors, null (random) for matrices.</summary>
    public float? Constant { get; init; } =
        Name.EndsWith("norm.weight", StringComparison.Ordinal) ? One
        : Name.EndsWith(".bias", StringComparison.Ordinal) || Dimensions.Length == 1 ? Small
        : null;

    /// <summary>Whether the numbers are stored in full though they are random: the choice of experts is in real models too, and so are the convolutions.</summary>
    public bool InFull => Name.EndsWith("ffn_gate_inp.weight", StringComparison.Ordinal) || Name.Contains("conv", StringComparison.Ordinal) && Dimensions[0] < TensorTypes.BlockSize;

    public long Elements => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
