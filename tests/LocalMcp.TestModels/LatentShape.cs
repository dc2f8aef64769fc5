namespace LocalMcp.TestModels;

/// <summary>The sizes of multi-head latent attention.</summary>
/// <param name="Rank">Numbers of the compressed keys and values of a token, without the rotated part.</param>
/// <param name="QueryRank">Numbers of the compressed query; 0: queries are not compressed.</param>
/// <param name="KeyWidth">Numbers of one head's key, with the rotated part.</param>
/// <param name="ValueWidth">Numbers of one head's value.</param>
/// <param name="RopeWidth">Numbers of the part of a key that is rotated with the position.</param>
public sealed record LatentShape(int Rank, int QueryRank, int KeyWidth, int ValueWidth, int RopeWidth)
{
    /// <summary>In the proportions of DeepSeek's.</summary>
    internal static LatentShape Of(RandomShape shape) =>
        new(4 * shape.HeadWidth, 2 * shape.HeadWidth, shape.HeadWidth + (shape.HeadWidth / 2), shape.HeadWidth, shape.HeadWidth / 2);
}
