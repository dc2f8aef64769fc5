namespace LocalMcp.Models.Gguf;

/// <summary>
/// Whether a sound file is a model to chat with, or something that lies beside models: projectors, adapters, importance matrices,
/// embedding models, encoders, drafting heads, makers of pictures. Architectures after <c>LLM_ARCH_NAMES</c> of llama.cpp's
/// src/llama-arch.cpp, and for pictures after <c>IMG_ARCH_LIST</c> of city96/ComfyUI-GGUF's loader.py.
/// </summary>
internal static class GgufPurpose
{
    private static readonly HashSet<string> OtherArchitectures =
    [
        "clip",
        "bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "eurobert", "gemma-embedding", "llama-embed", "t5encoder",
        "wavtokenizer-dec",
        "eagle3", "dflash", "gemma4-assistant",
        "flux", "sd1", "sdxl", "sd3", "aura", "hidream", "cosmos", "ltxv", "hyvid", "wan", "lumina2", "qwen_image",
    ];

    public static bool IsChat(GgufHeader header) =>
        header.Type is not ("adapter" or "imatrix" or "mmproj") && !OtherArchitectures.Contains(header.Architecture ?? "") && !header.Pools;

    /// <summary>What its name alone says, also of a file that cannot be read: <c>mmproj…</c> and <c>ggml-vocab-…</c> are no models.</summary>
    public static bool IsChat(string fileName) =>
        !fileName.StartsWith("mmproj", StringComparison.OrdinalIgnoreCase) && !fileName.StartsWith("ggml-vocab-", StringComparison.OrdinalIgnoreCase);
}
