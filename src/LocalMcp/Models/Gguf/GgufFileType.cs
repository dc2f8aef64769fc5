namespace LocalMcp.Models.Gguf;

/// <summary>
/// How a model is quantized, in a name. After llama.cpp's <c>enum llama_ftype</c> (include/llama.h) and the types that <c>llama_ftype_get_default_type</c>
/// (src/llama-quant.cpp) gives most tensors of each.
/// </summary>
internal static class GgufFileType
{
    // Below this share of the weights the type that a name stands for is not what the file is made of. Mixtures of small models have as little as a tenth.
    private const int LeastShare = 20;

    /// <summary>The name that the file gives itself, unless its tensors are of other types; then, and without one, the type with most bytes. Null when neither is known.</summary>
    /// <param name="weights">The tensors; null where they are not all known.</param>
    public static string? Name(GgufMetadata metadata, TensorTally? weights)
    {
        var (name, type) = metadata.Number("general.file_type") is { } told ? Of(told) : default;
        if (weights?.Types is not [var most, ..] types || !weights.Complete)
            return name;
        var all = types.Aggregate((UInt128)0, (sum, one) => sum + one.Bytes);
        var share = types.Where(one => one.Type.Name == type || one.Type.Name == Instead(type)).Aggregate((UInt128)0, (sum, one) => sum + one.Bytes);
        return name is not null && share * LeastShare >= all ? name : most.Type.Name;
    }

    // What llama.cpp takes for rows that are no whole blocks of 256 (tensor_type_fallback in src/llama-quant.cpp).
    private static string? Instead(string? type) => type switch
    {
        "Q4_K" => "Q5_0",
        "Q5_K" => "Q5_1",
        "Q6_K" => "Q8_0",
        "Q2_K" or "Q3_K" or "IQ2_XXS" or "IQ2_XS" or "IQ2_S" or "IQ3_XXS" or "IQ3_S" or "IQ1_S" or "IQ1_M" or "IQ4_XS" => "IQ4_NL",
        _ => null,
    };

    private static (string? Name, string? Type) Of(int type) => type switch
    {
        0 => ("F32", "F32"),
        1 => ("F16", "F16"),
        2 => ("Q4_0", "Q4_0"),
        3 => ("Q4_1", "Q4_1"),
        7 => ("Q8_0", "Q8_0"),
        8 => ("Q5_0", "Q5_0"),
        9 => ("Q5_1", "Q5_1"),
        10 => ("Q2_K", "Q2_K"),
        11 => ("Q3_K_S", "Q3_K"),
        12 => ("Q3_K_M", "Q3_K"),
        13 => ("Q3_K_L", "Q3_K"),
        14 => ("Q4_K_S", "Q4_K"),
        15 => ("Q4_K_M", "Q4_K"),
        16 => ("Q5_K_S", "Q5_K"),
        17 => ("Q5_K_M", "Q5_K"),
        18 => ("Q6_K", "Q6_K"),
        19 => ("IQ2_XXS", "IQ2_XXS"),
        20 => ("IQ2_XS", "IQ2_XS"),
        21 => ("Q2_K_S", "Q2_K"),
        22 => ("IQ3_XS", "IQ3_S"),
        23 => ("IQ3_XXS", "IQ3_XXS"),
        24 => ("IQ1_S", "IQ1_S"),
        25 => ("IQ4_NL", "IQ4_NL"),
        26 => ("IQ3_S", "IQ3_S"),
        27 => ("IQ3_M", "IQ3_S"),
        28 => ("IQ2_S", "IQ2_XS"),
        29 => ("IQ2_M", "IQ2_S"),
        30 => ("IQ4_XS", "IQ4_XS"),
        31 => ("IQ1_M", "IQ1_M"),
        32 => ("BF16", "BF16"),
        36 => ("TQ1_0", "TQ1_0"),
        37 => ("TQ2_0", "TQ2_0"),
        38 => ("MXFP4", "MXFP4"),
        39 => ("NVFP4", "NVFP4"),
        40 => ("Q1_0", "Q1_0"),
        _ => default,
    };
}
