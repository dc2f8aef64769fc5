using System.Globalization;

namespace LocalMcp.Models;

/// <summary>A listing in words: what there is, for the ends of errors, and what follows the menu.</summary>
internal static class ListingText
{
    private const int MostInAnError = 20;

    /// <summary>What follows the table: the backends that could not be asked, and an active model that is not there.</summary>
    public static IEnumerable<string> Remarks(Listing listing, string? active)
    {
        foreach (var place in listing.Unreachable.Concat(listing.Empty))
            yield return $"– {Reason(place)}";
        if (active is not null && !listing.Models.Any(m => IsActive(m, active)))
            yield return $"The active model, {active}, is not there. Choose another with set_model.";
    }

    public static bool IsActive(ModelFacts model, string? active) => active is not null && ModelMatch.Stored(active, [model]).Count == 1;

    /// <summary>What is there, for the end of an error.</summary>
    public static string There(Listing listing) => listing.Models.Count == 0
        ? NoneToAsk(listing)
        : $"There are: {Short(listing)}. Use set_model with a number or a part of a name.{Down(listing)}";

    /// <summary>Why no model can answer, and what to do.</summary>
    public static string NoneToAsk(Listing listing) =>
        $"There are no models to ask{(listing.Models.Any(m => m.SmokeTest) ? " but the smoke test, which can be named in the call" : "")}.{BrokenOnes(listing)}{Down(listing)} {NextStep}";

    /// <summary>Numbers, names and backends in one line.</summary>
    public static string Short(Listing listing, IReadOnlyList<ModelFacts>? only = null)
    {
        var models = only ?? listing.Models;
        var names = string.Join(", ", models.Take(MostInAnError).Select(m => $"{listing.NumberOf(m)} {m.Name} ({m.Backend}{(m.Broken is null ? "" : ", broken")})"));
        return models.Count > MostInAnError ? $"{names} and {models.Count - MostInAnError} more" : names;
    }

    /// <summary>Why a backend could not be asked, with its address.</summary>
    public static string Reason(Place place)
    {
        var reason = place.Reason ?? "";
        return reason.StartsWith(place.Label, StringComparison.Ordinal) ? reason : $"{place.Label}: {reason}";
    }

    public static string Size(long? bytes) => bytes switch
    {
        null => "–",
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} KB"),
    };

    public const string NextStep = "Start Ollama or LM Studio, or put a GGUF file into the engine's model folder; `local-mcp recommend` says which model this machine should run, and `local-mcp doctor` where everything is looked for.";

    private static string BrokenOnes(Listing listing)
    {
        var broken = listing.Models.Where(m => m.Broken is not null).ToList();
        var names = string.Join("; ", broken.Take(MostInAnError).Select(m => $"{m.Name} ({m.Broken})"));
        return broken.Count == 0 ? "" : $" Broken, to be downloaded again or removed: {names}{(broken.Count > MostInAnError ? $"; and {broken.Count - MostInAnError} more" : "")}.";
    }

    // A well-known port where nobody listens is news only where there is nothing else to tell.
    private static string Down(Listing listing)
    {
        var nothingElse = listing.Models.Count == 0 && listing.Unreachable.All(p => p.IsMerelyAbsent);
        var told = listing.Unreachable.Concat(listing.Empty).Where(p => nothingElse || !p.IsMerelyAbsent || (listing.Models.Count == 0 && p.Endpoint is null));
        var down = told.Select(p => Reason(p).TrimEnd('.')).ToList();
        return down.Count == 0 ? "" : $" Without a model: {string.Join("; ", down)}.";
    }
}
