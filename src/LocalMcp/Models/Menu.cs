using LocalMcp.Models.Fit;
using LocalMcp.Models.Speed;

namespace LocalMcp.Models;

/// <summary>One line of the menu.</summary>
/// <param name="Number">As the list shows it and set_model takes it.</param>
/// <param name="Fit">Whether it fits this machine; null for a model that another host runs, and for a broken one.</param>
/// <param name="Speed">How fast it is here; null when nobody can say.</param>
/// <param name="BestFor">Tier and use in some words; null for a model that the catalog does not know.</param>
internal sealed record MenuEntry(int Number, ModelFacts Model, bool IsActive, FitVerdict? Fit, ModelSpeed? Speed, string? BestFor)
{
    /// <summary>How it is built, as far as anybody says.</summary>
    public ModelShape Shape { get; init; } = new();
}

/// <summary>All models, with what a choice between them depends on, and the listing that they come from.</summary>
/// <param name="Active">The active model as it is stored; null when none was chosen.</param>
/// <param name="Advice">One sentence where the active model is a poor fit for this machine; else null.</param>
internal sealed record Menu(Listing Listing, string? Active, IReadOnlyList<MenuEntry> Entries, string? Advice);
