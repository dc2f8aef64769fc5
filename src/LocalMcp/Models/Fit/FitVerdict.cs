using System.Globalization;

namespace LocalMcp.Models.Fit;

/// <summary>Whether a model fits, with the figures. An estimate, as all of its figures are.</summary>
/// <param name="Serving">How it would be served.</param>
/// <param name="Need">What it would take then.</param>
internal sealed record FitVerdict(Fit Fit, Serving Serving, MemoryNeed Need, MemoryBudget Budget)
{
    /// <summary>Whether it is in memory already: then what it takes is not free any more, and the question is what is left.</summary>
    public bool Loaded { get; init; }

    /// <summary>Bytes that it takes: as its backend says of a loaded one, else by our estimate.</summary>
    public long Takes { get; init; } = Need.Least;

    /// <summary>Bytes that a loaded model leaves, where that is less than the headroom; else null.</summary>
    public long? LeavesTooLittle => Loaded && Budget.Free < Budget.Headroom ? Budget.Free : null;

    /// <summary>Compares. Too big is also what does not fit by the known parts alone.</summary>
    /// <param name="told">What the backend of a loaded model says that it takes, in bytes.</param>
    public static FitVerdict Of(MemoryNeed need, Serving serving, MemoryBudget budget, bool loaded = false, long? told = null)
    {
        var left = budget.Free - (loaded ? 0 : need.Least);
        var fit = (left, need.Total) switch
        {
            (null, _) => Fit.Unknown,
            ( < 0, _) => Fit.TooBig,
            (_, null) when !loaded => Fit.Unknown,
            _ when left < budget.Headroom || (told ?? need.Least) > budget.Fast => Fit.Tight,
            _ when (loaded ? 0 : need.Least) > budget.Now => Fit.Tight,
            _ => Fit.Fits,
        };
        return new FitVerdict(fit, serving, need, budget) { Loaded = loaded, Takes = told ?? need.Least };
    }

    /// <summary>As a cell of a table: <c>9.6 of 24.0 GB fits</c>, <c>47.0 GB, 20.1 too many</c>; <c>over 9.6 GB</c> where a part is not known, and a dash where nothing is.</summary>
    public string Cell => (Fit, Takes, Budget.Free) switch
    {
        (_, 0, _) => "–",
        (Fit.TooBig, var least, { } free) => $"{Bytes(least)}, {Number(least - free)} too many",
        (Fit.Unknown, var least, _) when Need.Total is null => $"over {Bytes(least)}",
        (_, var least, _) when Loaded => $"{Bytes(least)} {Word}",
        (_, var least, { } free) => $"{(least < Small ? Bytes(least) : Number(least))} of {Bytes(free)} {Word}",
        (_, var least, _) => Bytes(least),
    };

    /// <summary>fits, tight, too big, or unknown.</summary>
    public string Word => Fit switch
    {
        Fit.Fits => "fits",
        Fit.Tight => "tight",
        Fit.TooBig => "too big",
        _ => "unknown",
    };

    /// <summary>What it needs, part by part, as the beginning of a sentence's end: <c>9.6 GB (weights 9.0, KV cache 0.4 at a context of 16,384, working buffers 0.2)</c>.</summary>
    public string Parts
    {
        get
        {
            var parts = new List<string>();
            if (Need.Weights is { } weights)
                parts.Add($"weights {Number(weights)}");
            if (Need.Cache is { } cache)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"KV cache {Number(cache)} at a context of {Serving.Context:N0}"));
            if (Need.Compute is { } compute)
                parts.Add($"working buffers {Number(compute)}");
            return $"{(Need.Total is null ? "at least " : "")}{Bytes(Need.Least)} ({string.Join(", ", parts)})";
        }
    }

    // Below it a tenth of a gigabyte says nothing any more.
    private const long Small = 100_000_000;

    /// <summary>Gigabytes of 10⁹ bytes, as files are counted; megabytes of what is small.</summary>
    public static string Bytes(long bytes) => Math.Abs(bytes) < Small ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB") : $"{Number(bytes)} GB";

    private static string Number(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0}");
}
