namespace LocalMcp.Models.Fit;

/// <summary>
/// What a model takes of memory, by our estimate, in bytes. After llama.cpp, which the engine, Ollama and LM Studio's GGUF runtime are built on; other
/// runtimes take about as much. A part that cannot be said is null.
/// </summary>
/// <param name="Weights">All of them: of a mixture of experts every expert is resident.</param>
/// <param name="Cache">KV cache and recurrent states of all slots, full.</param>
/// <param name="Compute">Working buffers of one batch.</param>
internal sealed record MemoryNeed(long? Weights, long? Cache, long? Compute)
{
    /// <summary>Null when a part is not known.</summary>
    public long? Total => Weights + Cache + Compute;

    /// <summary>What is known of it: it needs at least this.</summary>
    public long Least => (Weights ?? 0) + (Cache ?? 0) + (Compute ?? 0);

    /// <summary>Adds up weights, <see cref="CacheMemory"/> and <see cref="ComputeMemory"/>.</summary>
    public static MemoryNeed Of(ModelShape shape, Serving serving) => new(shape.WeightBytes, CacheMemory.Of(shape, serving), ComputeMemory.Of(shape, serving));
}
