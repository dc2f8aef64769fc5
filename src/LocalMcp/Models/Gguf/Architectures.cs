namespace LocalMcp.Models.Gguf;

/// <summary>
/// Which memory an architecture has, after llama.cpp's <c>llama_model::create_memory</c> (src/llama-model.cpp), <c>llm_arch_is_recurrent</c> and
/// <c>llm_arch_is_hybrid</c> (src/llama-arch.cpp), and what the files of src/models read.
/// </summary>
internal static class Architectures
{
    /// <summary>No keys and values, only states of fixed size.</summary>
    public static readonly HashSet<string> Recurrent = ["mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"];

    /// <summary>Layers of both kinds, or layers that are both.</summary>
    public static readonly HashSet<string> Hybrid =
        ["jamba", "falcon-h1", "plamo2", "granitehybrid", "lfm2", "lfm2moe", "nemotron_h", "nemotron_h_moe", "qwen3next", "kimi-linear", "qwen35", "qwen35moe"];

    /// <summary>Text by diffusion: no memory at all.</summary>
    private static readonly HashSet<string> Memoryless = ["dream", "llada", "llada-moe", "rnd1"];

    /// <summary>Those that keep a compressed vector where their keys say so.</summary>
    private static readonly HashSet<string> Latent = ["deepseek2", "mistral4", "kimi-linear"];

    /// <summary>Those that have keys for the compression, and keep plain keys and values.</summary>
    private static readonly HashSet<string> Decompressed = ["deepseek2", "mistral4", "kimi-linear", "minicpm3", "plm"];

    /// <summary>Those whose last layers use the keys and values of earlier ones, in a way that is known here.</summary>
    private static readonly HashSet<string> Sharing = ["gemma3n", "gemma4"];

    // Attention of the usual kind in every layer. A sliding window that their keys name is not used, unless SlidingWindows knows of it.
    private static readonly HashSet<string> Plain =
    [
        "llama", "llama4", "deci", "falcon", "grok", "gpt2", "gptj", "gptneox", "mpt", "baichuan", "starcoder", "refact", "bloom", "stablelm", "qwen", "qwen2", "qwen2moe",
        "qwen2vl", "qwen3", "qwen3moe", "qwen3vl", "qwen3vlmoe", "phi2", "phi3", "phimoe", "plamo", "plamo3", "codeshell", "orion", "internlm2", "minicpm", "minicpm3",
        "gemma", "gemma2", "gemma3", "gemma3n", "gemma4", "starcoder2", "xverse", "command-r", "cohere2", "dbrx", "olmo", "olmo2", "olmoe", "openelm", "arctic", "deepseek",
        "deepseek2", "deepseek2-ocr", "chatglm", "glm4", "glm4moe", "bitnet", "jais", "jais2", "nemotron", "exaone", "exaone4", "exaone-moe", "granite", "granitemoe",
        "chameleon", "plm", "bailingmoe", "bailingmoe2", "dots1", "arcee", "afmoe", "ernie4_5", "ernie4_5-moe", "hunyuan-moe", "hunyuan-dense", "hunyuan_vl", "smollm3",
        "gpt-oss", "smallthinker", "seed_oss", "grovemoe", "apertus", "minimax-m2", "cogvlm", "pangu-embedded", "mistral3", "mistral4", "paddleocr", "mimo2", "step35",
        "maincoder",
    ];

    // Keys of memories that are not the usual one. An architecture that is not known here and has none of them is taken for a usual one.
    private static readonly string[] StateKeys = ["ssm.", "wkv.", "shortconv.", "kda.", "token_shift_count", "attention.recurrent_layers", "full_attention_interval"];
    private static readonly string[] LatentKeys = ["attention.kv_lora_rank", "attention.key_length_mla", "attention.value_length_mla"];
    private static readonly string[] OtherKeys =
        ["attention.indexer.", "attention.compress", "attention.kv_lora_rank_swa", "attention.key_length_mla_swa", "attention.value_length_mla_swa", "decoder_block_count"];

    public static bool IsKnown(string architecture) =>
        Plain.Contains(architecture) || Recurrent.Contains(architecture) || Hybrid.Contains(architecture) || Memoryless.Contains(architecture);

    /// <summary>Whether it keeps nothing for the tokens before.</summary>
    public static bool KeepsNoKeys(string architecture) => Recurrent.Contains(architecture) || Memoryless.Contains(architecture);

    /// <summary>Whether what attention keeps can be said by the rules that are known here.</summary>
    public static bool HasKnownCache(ModelPlan plan) =>
        !OtherKeys.Any(plan.Has)
        && (!LatentKeys.Any(plan.Has) || (plan.IsLatent ? Latent : Decompressed).Contains(plan.Architecture))
        && (!plan.Has("attention.shared_kv_layers") || Sharing.Contains(plan.Architecture))
        && HasKnownState(plan);

    /// <summary>Whether what recurrent layers keep can be said by the rules that are known here.</summary>
    public static bool HasKnownState(ModelPlan plan) => IsKnown(plan.Architecture) || (plan.Architecture.Length > 0 && !StateKeys.Any(plan.Has));
}
