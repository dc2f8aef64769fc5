using LocalMcp.Machine;

namespace LocalMcp.Models.Fit;

/// <summary>What of models the graphics cards of a machine can hold.</summary>
internal static class CardMemory
{
    /// <summary>
    /// Whether it is a part of the processor and works with the main memory: its driver lets it borrow more than it has of its own, or it has none. A card of our table
    /// of bandwidths has its own.
    /// </summary>
    public static bool SharesMain(GraphicsCard card) => card.Bandwidth is null && (card.TotalMemory is null || card.BorrowedMemory > card.TotalMemory);

    /// <summary>Bytes that they can work with together; null where there is no card, where one does not say, and where its memory is the main one.</summary>
    /// <param name="own">What counts of a card's own memory.</param>
    public static long? Reach(MachineProfile machine, Func<GraphicsCard, long?> own)
    {
        long? bytes = machine.Cards.Count > 0 ? 0 : null;
        foreach (var card in machine.Cards)
            bytes += own(card) + (SharesMain(card) ? card.BorrowedMemory : 0);
        return bytes;
    }
}
