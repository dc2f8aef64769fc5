using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>Where a prompt goes.</summary>
/// <param name="Place">A free slot.</param>
/// <param name="Source">The slot that knows most of the prompt: the same one, or one whose memory is shared.</param>
/// <param name="Common">How many tokens it knows.</param>
internal sealed record SlotPlan(Slot Place, Slot Source, int Common)
{
    /// <summary>A place for the prompt, or null when all slots are taken.</summary>
    /// <param name="canShare">Whether a slot can take over what another one knows.</param>
    public static SlotPlan? For(LLamaToken[] prompt, IReadOnlyList<Slot> slots, bool canShare)
    {
        var free = slots.Where(slot => slot.Run is null).OrderBy(slot => slot.LastTaken).ToList();
        if (free.Count == 0)
            return null;
        var source = (canShare ? free.Concat(slots.Except(free)) : free).MaxBy(slot => slot.Common(prompt))!;
        var common = source.Common(prompt);
        // All prompts begin alike: who shares less than half keeps its memory, and the slot that rested longest gives up its own.
        var goesOn = source.Run is null && common > 0 && (!canShare || common >= source.Tokens.Count / 2);
        return new SlotPlan(goesOn ? source : free[0], source, common);
    }
}
