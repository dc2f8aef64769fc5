using LocalMcp.Models;
using LocalMcp.Models.Fit;

namespace LocalMcp.Doctor;

/// <summary>Whether a model fits into the memory now, as the menu says it.</summary>
internal sealed class FitCheck(MenuMaker menus)
{
    /// <summary>A sentence when it is too big or a tight fit; null when it fits, or when nobody can say.</summary>
    public async Task<string?> LookAsync(ModelFacts model, CancellationToken cancellationToken) =>
        await menus.FindAsync(model.Id, cancellationToken) is { Fit: { } fit } entry
            ? fit.Fit switch
            {
                Fit.TooBig => FitAdvice.TooBig(model.Name, entry.Shape, fit),
                Fit.Tight when fit.LeavesTooLittle is { } left => $"It is loaded, and leaves {FitVerdict.Bytes(left)} of memory free",
                Fit.Tight when fit.Need.Least > fit.Budget.Fast => $"It is a tight fit by our estimate: it needs {fit.Parts}, and the GPU takes {FitVerdict.Bytes(fit.Budget.Fast.Value)}; {fit.Budget.FastRemedy}",
                Fit.Tight => $"It is a tight fit by our estimate: it needs {fit.Parts} of {FitVerdict.Bytes(fit.Budget.Free ?? 0)}",
                _ => null,
            }
            : null;
}
