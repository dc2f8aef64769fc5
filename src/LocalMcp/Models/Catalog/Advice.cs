using LocalMcp.Models.Fit;

namespace LocalMcp.Models.Catalog;

/// <summary>What to say, in one line, about an active model that is a poor fit for this machine.</summary>
internal static class Advice
{
    /// <summary>Null when it is a good fit, or when nobody can say.</summary>
    public static string? On(MenuEntry active, IReadOnlyList<MenuEntry> all, Recommendation? better, ModelCatalog catalog)
    {
        if (active.Model.SmokeTest || Trouble(active) is not { } trouble)
            return null;
        var listed = all.FirstOrDefault(entry => entry is { Fit.Fit: Models.Fit.Fit.Fits, IsActive: false } && better is not null && catalog.Match(entry.Model)?.Model.Name == better.Choice.Model.Name);
        var instead = (listed, better) switch
        {
            ({ } there, _) => $" {there.Model.Name} fits: set_model {there.Number} switches to it.",
            (null, { } known) when catalog.Match(active.Model)?.Name != known.Choice.Name => $" {known.Choice.Name} would fit: {FitVerdict.Bytes(known.Fit.Need.Least)}{(known.Speed is { } speed ? $", {speed.Words}" : "")}; `local-mcp pull {known.Choice.Name}` fetches it.",
            _ => "",
        };
        return $"Advice: {active.Model.Name} {trouble}.{instead}";
    }

    private static string? Trouble(MenuEntry active) => active switch
    {
        { Fit: { Fit: Models.Fit.Fit.TooBig } fit } => $"does not fit into the memory by our estimate ({fit.Cell})",
        { Fit: { Fit: Models.Fit.Fit.Tight, LeavesTooLittle: { } left } } => $"leaves {FitVerdict.Bytes(left)} of memory free, so the system may begin to swap",
        { Fit: { Fit: Models.Fit.Fit.Tight, Budget: { Fast: { } fast } budget } fit } when fit.Takes > fast => $"needs {FitVerdict.Bytes(fit.Takes)} by our estimate, and the GPU takes {FitVerdict.Bytes(fast)}; {budget.FastRemedy}",
        { Fit: { Fit: Models.Fit.Fit.Tight } fit } => $"is a tight fit by our estimate ({fit.Cell})",
        { Speed: { Feel: "background only" } speed } => $"is slow here, {speed.Words}: good for background work only",
        _ => null,
    };
}
