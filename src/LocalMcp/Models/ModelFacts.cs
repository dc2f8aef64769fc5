namespace LocalMcp.Models;

/// <summary>What is known of one model. What is not known is null, never a guess.</summary>
internal sealed record ModelFacts
{
    /// <summary>The name by which its backend knows it.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the backend that serves it.</summary>
    public required string Backend { get; init; }

    /// <summary>Size of the weights, in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>As its backend or file calls it: Q4_K_M, 4bit, F16 …</summary>
    public string? Quantization { get; init; }

    /// <summary>Context length that it is served with now, in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Context length that it was trained for, in tokens: the most that it could be served with.</summary>
    public int? TrainedContext { get; init; }

    /// <summary>How it is built; null where neither its file nor its backend says anything of it.</summary>
    public ModelShape? Shape { get; init; }

    /// <summary>Whether its weights are in memory now.</summary>
    public bool? Loaded { get; init; }

    /// <summary>Bytes of memory that it takes now, mapped weights included; null where its backend does not say, and when it is not loaded.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>Whether its template or its backend says that it can reason before it answers.</summary>
    public bool? CanThink { get; init; }

    /// <summary>The host that really runs it, for a model that its local backend only passes on. Such a model is refused.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>Why its file cannot be loaded: a short phrase without a period, like <c>part 2 of 3 is missing</c>; null for a sound one. Such a model is listed and refused.</summary>
    public string? Broken { get; init; }

    /// <summary>The model that ships with this product to prove an engine. Never preferred to a real one.</summary>
    public bool SmokeTest { get; init; }

    /// <summary>Whether the backend takes names in any letter case and without the tag <c>:latest</c>, as Ollama does.</summary>
    public bool OllamaNames { get; init; }

    /// <summary>Whether a model with this chat template reasons, or can: the template speaks of thinking, or names the channels of harmony. Null without one.</summary>
    public static bool? Reasons(string? chatTemplate) =>
        chatTemplate is null ? null : Array.Exists(["think", "reasoning_content", "<|channel|>"], word => chatTemplate.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary><c>backend/model</c>, as the active model is stored.</summary>
    public string Id => $"{Backend}/{Name}";
}
