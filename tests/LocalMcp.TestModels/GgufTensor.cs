namespace LocalMcp.TestModels;

/// <summary>
/// A tensor as GGUF names it: the fastest-moving dimension comes first, and <paramref name="Write"/> writes exactly
/// <see cref="Bytes"/> bytes when its turn comes, so a large tensor never has to be in memory.
/// </summary>
public sealed record GgufTensor(string Name, TensorType Type, IReadOnlyList<long> Dimensions, Action<Stream> Write)
{
    public long Elements => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);

    public long Bytes => Type.BytesFor(Elements);
}
