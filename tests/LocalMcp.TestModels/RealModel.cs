namespace LocalMcp.TestModels;

/// <summary>Shapes like those of real models, to write hollow files of: close to them in every size that memory depends on, and not the word of anybody on what they are.</summary>
public sealed record RealModel(string Name, RandomArchitecture Architecture, RandomShape Shape)
{
    private static readonly RandomShape Qwen36Moe = new(40, 2048, 16, 2, 512, 248320)
    {
        HeadWidth = 256,
        RopeWidth = 64,
        Experts = 256,
        ExpertsUsed = 8,
        State = new(128, 4096, 32, 16),
    };

    public static IReadOnlyList<RealModel> All { get; } =
    [
        new("llama-3.1-8b", RandomArchitecture.Llama, new(32, 4096, 32, 8, 14336, 128256)),
        new("qwen2.5-7b", RandomArchitecture.Qwen2, RandomShape.Named("7B")),
        new("qwen2.5-14b", RandomArchitecture.Qwen2, RandomShape.Named("14B")),
        new("qwen2.5-32b", RandomArchitecture.Qwen2, RandomShape.Named("32B")),
        new("qwen3-8b", RandomArchitecture.Qwen3, new(36, 4096, 32, 8, 12288, 151936) { HeadWidth = 128 }),
        new("qwen3-32b", RandomArchitecture.Qwen3, new(64, 5120, 64, 8, 25600, 151936) { HeadWidth = 128 }),
        new("qwen3-30b-a3b", RandomArchitecture.Qwen3Moe, new(48, 2048, 32, 4, 768, 151936) { HeadWidth = 128, Experts = 128, ExpertsUsed = 8 }),
        new("phi-3-mini", RandomArchitecture.Phi3, new(32, 3072, 32, 32, 8192, 32064)),
        new("gemma-2-9b", RandomArchitecture.Gemma2, new(42, 3584, 16, 8, 14336, 256000) { HeadWidth = 256, SlidingWindow = 4096 }),
        new("gemma-3-12b", RandomArchitecture.Gemma3, new(48, 3840, 16, 8, 15360, 262208) { HeadWidth = 256, SlidingWindow = 1024 }),
        new("gemma-4-31b", RandomArchitecture.Gemma4, new(60, 5376, 32, 4, 21504, 262144)
        {
            HeadWidth = 512,
            WindowHeadWidth = 256,
            WindowKvHeads = 16,
            SlidingWindow = 1024,
        }),
        new("gemma-4-e4b", RandomArchitecture.Gemma4, new(42, 2560, 8, 2, 10240, 262144)
        {
            HeadWidth = 512,
            WindowHeadWidth = 256,
            SlidingWindow = 512,
            BorrowingLayers = 18,
            LayerWidth = 256,
        }),
        new("gpt-oss-20b", RandomArchitecture.GptOss, new(24, 2880, 64, 8, 2880, 201088) { HeadWidth = 64, Experts = 32, ExpertsUsed = 4, SlidingWindow = 128 }),
        new("deepseek-v2-lite", RandomArchitecture.DeepSeek2, new(27, 2048, 16, 16, 1408, 102400)
        {
            Experts = 64,
            ExpertsUsed = 6,
            SharedFeedForward = 2816,
            DenseFeedForward = 10944,
            Latent = new(512, 0, 192, 128, 64),
        }),
        new("glm-4.5-air", RandomArchitecture.Glm4Moe, new(46, 4096, 96, 8, 1408, 151552)
        {
            HeadWidth = 128,
            RopeWidth = 64,
            Experts = 128,
            ExpertsUsed = 8,
            DenseFeedForward = 10944,
        }),
        new("mamba2-2.7b", RandomArchitecture.Mamba2, new(64, 2560, 1, 1, 2560, 50288) { TiedOutput = true, State = new(128, 5120, 80, 1) }),
        new("qwen3.6-27b", RandomArchitecture.Qwen35, new(64, 5120, 24, 4, 17408, 248320)
        {
            HeadWidth = 256,
            RopeWidth = 64,
            State = new(128, 6144, 48, 16),
            GuessingLayers = 0,
        }),
        new("qwen3.6-35b-a3b", RandomArchitecture.Qwen35Moe, Qwen36Moe with { GuessingLayers = 0 }),
        new("qwen3.6-35b-a3b-mtp", RandomArchitecture.Qwen35Moe, Qwen36Moe),
        new("qwen3-coder-next", RandomArchitecture.Qwen3Next, new(48, 2048, 16, 2, 512, 151936)
        {
            HeadWidth = 256,
            RopeWidth = 64,
            Experts = 512,
            ExpertsUsed = 10,
            State = new(128, 4096, 32, 16),
        }),
        new("nemotron-3-nano-30b-a3b", RandomArchitecture.NemotronHMoe, new(52, 2688, 32, 2, 1856, 131072)
        {
            HeadWidth = 128,
            Experts = 128,
            ExpertsUsed = 6,
            SharedFeedForward = 3712,
            State = new(128, 4096, 64, 8),
            AttentionLayers = [5, 12, 19, 26, 33, 42],
        }),
        new("nemotron-h-8b", RandomArchitecture.NemotronH, new(52, 4096, 32, 8, 21504, 131072)
        {
            HeadWidth = 128,
            State = new(128, 8192, 128, 8),
            AttentionLayers = [7, 18, 29, 40],
        }),
        new("granite-4.0-h-tiny", RandomArchitecture.GraniteHybrid, new(40, 1536, 12, 4, 512, 100352)
        {
            TiedOutput = true,
            Experts = 64,
            ExpertsUsed = 6,
            SharedFeedForward = 1024,
            State = new(128, 3072, 48, 1),
            AttentionLayers = [5, 15, 25, 35],
        }),
        new("lfm2-1.2b", RandomArchitecture.Lfm2, new(16, 2048, 32, 8, 8192, 65536) { TiedOutput = true, AttentionLayers = [2, 5, 8, 10, 12, 14] }),
    ];

    /// <exception cref="ArgumentException">No model of this name is known here.</exception>
    public static RealModel Named(string name) => All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no real model {name} here. Known are {string.Join(", ", All.Select(known => known.Name))}.", nameof(name));
}
