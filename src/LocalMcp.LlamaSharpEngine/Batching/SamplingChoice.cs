using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>How the next token is chosen. The defaults are llama-server's.</summary>
internal sealed record SamplingChoice
{
    // As far back as repetition is looked for, in tokens.
    private const int Memory = 64;

    /// <summary>0 always takes the likeliest token.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>So many of the likeliest tokens stay; 0 for all.</summary>
    public int TopK { get; init; } = 40;

    public float TopP { get; init; } = 0.95f;

    public float MinP { get; init; } = 0.05f;

    /// <summary>Null for another one each time.</summary>
    public uint? Seed { get; init; }

    /// <summary>1 is none.</summary>
    public float RepeatPenalty { get; init; } = 1;

    /// <summary>The chooser for one answer to this prompt.</summary>
    public SafeLLamaSamplerChainHandle Start(LLamaToken[] prompt)
    {
        var chain = SafeLLamaSamplerChainHandle.Create(LLamaSamplerChainParams.Default());
        if (RepeatPenalty is not 1)
            chain.AddPenalties(Memory, RepeatPenalty, freq: 0, presence: 0);
        if (Temperature > 0)
            AddChance(chain);
        else
            chain.AddGreedySampler();
        foreach (var token in prompt.TakeLast(Memory))
            chain.Accept(token);
        return chain;
    }

    private void AddChance(SafeLLamaSamplerChainHandle chain)
    {
        if (TopK > 0)
            chain.AddTopK(TopK);
        chain.AddTopP(TopP, 1);
        chain.AddMinP(MinP, 1);
        chain.AddTemperature(Temperature);
        chain.AddDistributionSampler(Seed ?? (uint)Random.Shared.NextInt64(uint.MaxValue));
    }
}
