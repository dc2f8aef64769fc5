namespace LocalMcp.Models.Fit;

/// <summary>
/// Usual quantizations and what they take, in bits for each weight: measured on Llama-3.1-8B, as llama.cpp's tools/quantize/README.md lists them. Other
/// models differ by some per cent, for the mixtures of types depend on the layers.
/// </summary>
internal sealed record Quantization(string Name, double BitsPerWeight)
{
    /// <summary>Largest first.</summary>
    public static IReadOnlyList<Quantization> Usual { get; } =
        [new("Q8_0", 8.5008), new("Q6_K", 6.5633), new("Q5_K_M", 5.7036), new("Q4_K_M", 4.8944), new("Q3_K_M", 3.9960), new("Q2_K", 3.1593)];

    /// <summary>About so many bytes.</summary>
    public long Bytes(long parameters) => (long)(parameters * BitsPerWeight / 8);
}
