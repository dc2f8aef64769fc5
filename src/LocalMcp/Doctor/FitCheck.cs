using LocalMcp.Models;
using LocalMcp.Models.Fit;

namespace LocalMcp.Doctor;

/// <summary>Whether a model fits into the memory now, as the menu says it.</summary>
internal sealed class FitCheck(MenuMaker menus)
{
    /// <summary>A sentence when it is too big or a tight fit; null when it fits, or when nobody can say.</summary>
    public async Task<string?> LookAsync(ModelFacts model, CancellationToken cancellationToken) =>
        (await menus.ReadAsync(cancellationToken)).Entries.FirstOrDefault(entry => entry.Model.Id == model.Id) is { Fit: { } fit } entry
            ? fit.Fit switch
            {
                Fit.TooBig => FitAdvice.TooBig(model.Name, entry.Shape, fit),
                Fit.Tight when fit.Loaded => $"It is loaded, and leaves {FitVerdict.Bytes(fit.Budget.Free ?? 0)} of memory free",
                Fit.Tight => $"It is a tight fit by our estimate: it needs {fit.Parts} of {FitVerdict.Bytes(fit.Budget.Free ?? 0)}",
                _ => null,
            }
            : null;
}
