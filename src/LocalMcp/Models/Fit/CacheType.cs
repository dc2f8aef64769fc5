namespace LocalMcp.Models.Fit;

/// <summary>How the KV cache stores its numbers.</summary>
internal static class CacheType
{
    /// <summary>Numbers in a block of the quantized types; a head's length has to be a multiple of it.</summary>
    public const int Block = 32;

    /// <summary>Bytes of so many numbers; null for a type that is not known here. A block of 32 takes 34 bytes as q8_0, 18 as q4_0, 20 as q4_1, 22 as q5_0, 24 as q5_1: ggml/src/ggml-common.h.</summary>
    public static long? Bytes(long numbers, string type) => type switch
    {
        "f32" => numbers * 4,
        "f16" or "bf16" => numbers * 2,
        "q8_0" => numbers * 34 / Block,
        "q4_0" or "iq4_nl" => numbers * 18 / Block,
        "q4_1" => numbers * 20 / Block,
        "q5_0" => numbers * 22 / Block,
        "q5_1" => numbers * 24 / Block,
        _ => null,
    };

    /// <summary>Whether it is one of those that need flash attention and whole blocks.</summary>
    public static bool IsQuantized(string type) => type is not ("f16" or "f32" or "bf16");
}
