namespace LocalMcp.Machine;

/// <summary>A GPU with memory of its own, or with a part of the main memory set aside for it.</summary>
/// <param name="Name">As its driver says it: NVIDIA GeForce RTX 4090; AMD GPU when nothing says more.</param>
/// <param name="TotalMemory">Bytes of its own memory; null where it has none to speak of or does not say (NVIDIA GB10 shares the main memory).</param>
/// <param name="FreeMemory">Bytes of it that are free now.</param>
/// <param name="Bandwidth">Of its own memory; null when the card is not in our table.</param>
internal sealed record GraphicsCard(string Name, long? TotalMemory, long? FreeMemory, Bandwidth? Bandwidth)
{
    /// <summary>Bytes of main memory that its driver may use beside its own (AMD's GTT): what an integrated GPU of AMD really works with. Null when not said.</summary>
    public long? BorrowedMemory { get; init; }
}
