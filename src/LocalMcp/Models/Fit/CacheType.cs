using LocalMcp.State;

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

    /// <summary>The type that the engine is given: the one of the settings, else q8_0 where its heads are whole blocks of it and flash attention may be on, which a quantized cache of values needs.</summary>
    public static string For(ModelShape shape, EngineSettings settings) =>
        settings.KvCache.Length > 0 ? settings.KvCache
        : settings.FlashAttention is "" or "on" && (shape.KeyLength ?? Block) % Block == 0 && (shape.ValueLength ?? Block) % Block == 0 ? "q8_0" : "f16";

    /// <summary>Whether it is one of those that need flash attention and whole blocks.</summary>
    public static bool IsQuantized(string type) => type is not ("f16" or "f32" or "bf16");
}
