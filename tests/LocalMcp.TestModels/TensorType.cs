namespace LocalMcp.TestModels;

/// <summary>How a tensor's numbers are stored; the values are the ones GGUF uses.</summary>
public enum TensorType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q8_0 = 8,
}

internal static class TensorTypes
{
    /// <summary>Quantized numbers come in blocks of 32 that share one scale.</summary>
    public const int BlockSize = 32;

    public static bool IsQuantized(this TensorType type) => type is TensorType.Q4_0 or TensorType.Q8_0;

    public static int BytesPerBlock(this TensorType type) => type switch
    {
        TensorType.F32 => 4 * BlockSize,
        TensorType.F16 => 2 * BlockSize,
        TensorType.Q8_0 => 2 + BlockSize,
        TensorType.Q4_0 => 2 + (BlockSize / 2),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Known are F32, F16, Q8_0 and Q4_0."),
    };

    public static long BytesFor(this TensorType type, long elements) => elements * type.BytesPerBlock() / BlockSize;

    /// <summary>GGUF's general.file_type for a model that mostly consists of this type.</summary>
    public static uint FileType(this TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q8_0 => 7,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Known are F32, F16, Q8_0 and Q4_0."),
    };
}
