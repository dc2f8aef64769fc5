using LocalMcp.Models.Fit;

namespace LocalMcp.Models.Speed;

/// <summary>
/// How fast a model should write on a machine where it was never measured: each token reads the weights that it passes and what is kept of the text
/// before it, so tokens per second = bandwidth × efficiency / bytes read for a token.
/// </summary>
/// <remarks>
/// The efficiency is how much of the bandwidth that the vendor names was reached in published runs: the median of those in docs/speed.md, which
/// names every one. They go from 0.40 to 0.88 for dense models and from 0.14 to 0.70 for mixtures: what was measured lay between 0.57 and 1.26 of
/// what is estimated for dense models, and between 0.4 and 1.9 of it for mixtures. The runs had little text before them; with a long one a model is
/// slower than estimated, since reading it takes more than its bytes.
/// </remarks>
internal static class SpeedEstimate
{
    /// <summary>The share of the bandwidth that dense models reach on a GPU, Apple's included: the median of 46 runs (docs/speed.md).</summary>
    public const double DenseEfficiency = 0.70;

    /// <summary>The same for mixtures of experts, whose many small reads reach less: the median of 18 runs (docs/speed.md).</summary>
    public const double MixtureEfficiency = 0.37;

    /// <summary>Tokens of context that an estimate is made for: a delegated task with a file or two.</summary>
    public const int WorkingContext = 4_096;

    /// <summary>Decode speed in tokens per second; null where anything that it depends on is not known.</summary>
    /// <param name="bandwidthBytesPerSecond">Of the memory that holds the whole model: the card's, or that of a chip whose memory CPU and GPU share. Not for a model that only CPU cores work on.</param>
    /// <param name="context">Tokens of context at that moment, prompt and answer: what is used, not what could be.</param>
    /// <param name="cacheType">How the KV cache stores its numbers: f16, q8_0 …</param>
    public static double? Of(ModelShape shape, long? bandwidthBytesPerSecond, int context, string cacheType)
    {
        if (bandwidthBytesPerSecond is not (> 0 and var bandwidth) || shape.Experts is not { } experts || BytesPerToken(shape, context, cacheType) is not (> 0 and var bytes))
            return null;
        return bandwidth * (experts > 0 ? MixtureEfficiency : DenseEfficiency) / bytes;
    }

    /// <summary>Bytes that are read to write one token: the weights that it passes, the keys and values of the tokens that each layer looks back at, and the states of recurrent layers (numbers of 4 bytes); null where one of them is not known.</summary>
    public static long? BytesPerToken(ModelShape shape, int context, string cacheType)
    {
        if (shape is not { ActiveBytes: { } weights, Cache: { } layers, RecurrentElements: { } recurrent })
            return null;
        long? bytes = weights + (recurrent * sizeof(float));
        foreach (var kind in layers)
            bytes += (CacheType.Bytes(kind.KeyElements, cacheType) + CacheType.Bytes(kind.ValueElements, cacheType)) * kind.Layers * Math.Min(context, kind.Window ?? context);
        return bytes;
    }
}
