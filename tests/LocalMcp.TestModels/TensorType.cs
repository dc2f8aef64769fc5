namespace LocalMcp.TestModels;

/// <summary>How a tensor's numbers are stored; the values are the ones GGUF uses.</summary>
public enum TensorType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q5_0 = 6,
    Q8_0 = 8,
    Q4_K = 12,
    Q6_K = 14,
    BF16 = 30,
    MXFP4 = 39,
}

internal static class TensorTypes
{
    /// <summary>Numbers that share one scale in the simple types; widths that matrices are multiplied over are multiples of it.</summary>
    public const int BlockSize = 32;

    private const int SuperBlockSize = 256;

    /// <summary>Numbers per block: a row of a matrix holds whole blocks.</summary>
    public static int NumbersPerBlock(this TensorType type) => type is TensorType.Q4_K or TensorType.Q6_K ? SuperBlockSize : BlockSize;

    public static int BytesPerBlock(this TensorType type) => type switch
    {
        TensorType.F32 => 4 * BlockSize,
        TensorType.F16 or TensorType.BF16 => 2 * BlockSize,
        TensorType.Q8_0 => 2 + BlockSize,
        TensorType.Q5_0 => 2 + (BlockSize / 8) + (BlockSize / 2),
        TensorType.Q4_0 => 2 + (BlockSize / 2),
        TensorType.MXFP4 => 1 + (BlockSize / 2),
        TensorType.Q4_K => 2 + 2 + 12 + (SuperBlockSize / 2),
        TensorType.Q6_K => (SuperBlockSize / 2) + (SuperBlockSize / 4) + (SuperBlockSize / 16) + 2,
        _ => throw Unknown(type),
    };

    /// <summary>Whole blocks, except for the types that store each number alone.</summary>
    public static long BytesFor(this TensorType type, long elements) => elements * type.BytesPerBlock() / type.NumbersPerBlock();

    /// <summary>GGUF's general.file_type for a model that mostly consists of this type.</summary>
    public static uint FileType(this TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q8_0 => 7,
        TensorType.Q5_0 => 8,
        TensorType.Q4_K => 15,
        TensorType.Q6_K => 18,
        TensorType.BF16 => 32,
        TensorType.MXFP4 => 38,
        _ => throw Unknown(type),
    };

    /// <exception cref="ArgumentException">No type has this name.</exception>
    public static TensorType Named(string name) => Enum.TryParse<TensorType>(name, out var type) && Enum.IsDefined(type) && !char.IsDigit(name[0])
        ? type
        : throw new ArgumentException($"There is no quantization {name} here. Use one of {string.Join(", ", Enum.GetNames<TensorType>())}.");

    private static ArgumentOutOfRangeException Unknown(TensorType type) =>
        new(nameof(type), type, $"Known are {string.Join(", ", Enum.GetNames<TensorType>())}.");
}
