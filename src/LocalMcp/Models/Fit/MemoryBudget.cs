namespace LocalMcp.Models.Fit;

/// <summary>What a model may take of this machine, in bytes.</summary>
/// <param name="Free">What is free for it now, with what makes room for it; null when nobody says.</param>
/// <param name="Headroom">What should be left over, for the system and everything else.</param>
internal sealed record MemoryBudget(long? Free, long Headroom)
{
    /// <summary>What of it is free without taking anything from other programs; null where that is the same.</summary>
    public long? Now { get; init; }

    /// <summary>What of it the GPU can use; more than that works, and is slower. Null where there is no such line.</summary>
    public long? Fast { get; init; }

    /// <summary>What to do about a model beyond <see cref="Fast"/>, as the end of a sentence.</summary>
    public string FastRemedy { get; init; } = "";
}
