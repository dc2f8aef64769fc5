namespace LocalMcp.TestModels.Architectures;

/// <summary>What a layer that guesses further tokens has beside the tensors of any layer.</summary>
internal static class GuessingParts
{
    public static IEnumerable<RandomPart> Of(RandomShape shape) =>
    [
        new("nextn.eh_proj.weight", 2 * shape.Width, shape.Width),
        new("nextn.enorm.weight", shape.Width),
        new("nextn.hnorm.weight", shape.Width),
        new("nextn.shared_head_norm.weight", shape.Width),
    ];
}
