namespace LocalMcp.TestModels;

/// <summary>The sizes of what a recurrent layer keeps for a conversation.</summary>
/// <param name="Size">Numbers of state per number of <paramref name="Inner"/>.</param>
/// <param name="Inner">Numbers per token inside the layer; a multiple of the heads.</param>
/// <param name="Heads">Heads of the state; a multiple of the groups.</param>
/// <param name="Groups">Heads that share their keys.</param>
/// <param name="Kernel">Tokens that the convolution before the state sees.</param>
public sealed record StateShape(int Size, int Inner, int Heads, int Groups, int Kernel = 4)
{
    /// <summary>Mamba 2's: twice the model's width, in heads of 64.</summary>
    internal static StateShape Mamba(RandomShape shape) => new(128, 2 * shape.Width, 2 * shape.Width / 64, 1);

    /// <summary>Gated delta net's: twice the model's width in heads of 128, which two by two share a key.</summary>
    internal static StateShape DeltaNet(RandomShape shape) => new(128, 2 * shape.Width, 2 * shape.Width / 128, Math.Max(1, shape.Width / 128));
}
