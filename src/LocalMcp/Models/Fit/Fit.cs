namespace LocalMcp.Models.Fit;

/// <summary>Whether a model fits into the memory.</summary>
internal enum Fit
{
    /// <summary>Nobody can say.</summary>
    Unknown,

    Fits,

    /// <summary>It fits, and leaves less than the headroom, or more than the GPU takes.</summary>
    Tight,

    TooBig,
}
