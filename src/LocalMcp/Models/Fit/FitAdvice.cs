using System.Globalization;

namespace LocalMcp.Models.Fit;

/// <summary>Under which conditions a model that is too big would fit.</summary>
internal static class FitAdvice
{
    /// <summary>The least context that is of any use for code, in tokens.</summary>
    public const int LeastContext = 2_048;

    private const int Step = 1_024;
    public const string FreeNow = "that are free";

    /// <summary>
    /// The largest context, in steps of 1,024 tokens and up to <paramref name="serving"/>'s, with which the model takes no more than <paramref name="bytes"/>;
    /// null when not even the least one does, or when it cannot be said.
    /// </summary>
    public static int? LargestContext(ModelShape shape, Serving serving, long bytes)
    {
        if (Fits(serving.Context))
            return serving.Context;
        var (low, high) = (LeastContext / Step, (serving.Context - 1) / Step);
        if (low > high || !Fits(low * Step))
            return null;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Fits(middle * Step) ? (middle, high) : (low, middle - 1);
        }
        return low * Step;

        bool Fits(int context) => MemoryNeed.Of(shape, serving with { Context = context }).Total <= bytes;
    }

    /// <summary>The largest usual quantization below the present one with which it would take no more than <paramref name="bytes"/>, and what it would take; null when none does.</summary>
    public static (Quantization Name, long Bytes)? LargestQuantization(ModelShape shape, Serving serving, long bytes)
    {
        if (shape.Parameters is not { } parameters || shape.WeightBytes is not { } now)
            return null;
        foreach (var smaller in Quantization.Usual.Where(q => q.Bytes(parameters) < now))
        {
            if (MemoryNeed.Of(shape with { WeightBytes = smaller.Bytes(parameters) }, serving).Total is { } need && need <= bytes)
                return (smaller, need);
        }
        return null;
    }

    /// <summary>By how much it is too big, and with which context or quantization it would fit: one or two sentences.</summary>
    /// <param name="which">What is free, as the end of a sentence.</param>
    public static string TooBig(string name, ModelShape shape, FitVerdict verdict, string which = FreeNow)
    {
        var free = verdict.Budget.Free ?? 0;
        var text = $"{name} is too big for this machine{(which == FreeNow ? " now" : "")}, by our estimate: it needs {verdict.Parts}, {FitVerdict.Bytes(verdict.Need.Least - free)} more than the {FitVerdict.Bytes(free)} {which}.";
        if ((LargestContext(shape, verdict.Serving, free - verdict.Budget.Headroom) ?? LargestContext(shape, verdict.Serving, free)) is { } context)
            return text + string.Create(CultureInfo.InvariantCulture, $" It would fit with a context of {context:N0}.");
        if ((LargestQuantization(shape, verdict.Serving, free - verdict.Budget.Headroom) ?? LargestQuantization(shape, verdict.Serving, free)) is { } smaller)
            return text + string.Create(CultureInfo.InvariantCulture, $" At {smaller.Name.Name} it would fit, with about {FitVerdict.Bytes(smaller.Bytes)}.");
        return text + (shape.Parameters is null || verdict.Need.Total is null ? "" : " No usual quantization of it would fit.");
    }
}
