using LocalMcp.Backends;
using LocalMcp.Machine;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Speed;
using LocalMcp.State;

namespace LocalMcp.Models;

/// <summary>Puts the menu together: what there is, what of it fits this machine, and how fast it is.</summary>
internal sealed class MenuMaker(ModelDirectory directory, ActiveModel active, SettingsFile settings, MeasuredSpeeds speeds, MachineReader machines)
{
    private ModelCatalog? catalog;

    /// <summary>Everything anew: models, memory, speeds.</summary>
    /// <exception cref="LocalMcpException">The settings or the choice of the active model are broken.</exception>
    public Task<Menu> ReadAsync(CancellationToken cancellationToken) => ReadAsync(active.Read, cancellationToken);

    /// <summary>One model anew, whichever is active; null when it is not there.</summary>
    /// <param name="id">As <see cref="ModelFacts.Id"/>.</param>
    /// <exception cref="LocalMcpException">The settings are broken.</exception>
    public async Task<MenuEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(() => null, cancellationToken)).Entries.FirstOrDefault(entry => entry.Model.Id == id);

    private async Task<Menu> ReadAsync(Func<string?> chosen, CancellationToken cancellationToken)
    {
        var reading = machines.ReadAsync(cancellationToken);
        var listing = await directory.ListAsync(cancellationToken);
        return Of(listing, chosen(), await reading, settings.Read(), speeds.Read(), catalog ??= ModelCatalog.Load(settings.Read()));
    }

    /// <summary>The menu of a listing on this machine. Pure.</summary>
    public static Menu Of(Listing listing, string? active, MachineProfile machine, Settings settings, SpeedBook speeds, ModelCatalog catalog)
    {
        var here = listing.Models.Where(model => IsHere(Where(model, listing))).Select(Believed).ToList();
        var entries = listing.Models.Select((model, index) => Entry(index + 1, model, listing, here, active, machine, settings, speeds, catalog.Match(model))).ToList();
        var advice = entries.FirstOrDefault(entry => entry.IsActive) is { } chosen ? Advice.On(chosen, entries, Recommendation.For(Goal.Balanced, catalog, machine, settings), catalog) : null;
        return new Menu(listing, active, entries, advice);
    }

    /// <summary>Bytes per second of the memory that holds all of it; null where that is not one memory, or not known. What only processor cores work on is not bound by memory alone.</summary>
    public static long? Bandwidth(FitVerdict fit, MachineProfile machine) =>
        machine.IsUnifiedMemory || (machine.Cards is [var shared] && CardMemory.SharesMain(shared) && !(fit.Need.Total > fit.Budget.Fast)) ? machine.Bandwidth?.BytesPerSecond
        : machine.Cards is [var card] && fit.Need.Total <= card.TotalMemory ? card.Bandwidth?.BytesPerSecond
        : null;

    private static MenuEntry Entry(int number, ModelFacts model, Listing listing, List<ModelFacts> runningHere, string? active, MachineProfile machine, Settings settings, SpeedBook speeds, CatalogChoice? known)
    {
        var (where, shape) = (Where(model, listing), Shape(Believed(model), known));
        var here = model is { RemoteHost: null, Broken: null } && IsHere(where);
        var fit = here ? Fitting.Of(Believed(model), shape, runningHere, machine, settings) : null;
        var estimate = fit is null ? null : SpeedEstimate.Of(shape, Bandwidth(fit, machine), Math.Min(fit.Serving.Context, SpeedEstimate.WorkingContext), fit.Serving.Cache);
        var speed = model is { Broken: null, SmokeTest: false } ? ModelSpeed.Of(speeds.Find(SpeedKey.Of(model, where, machine.Chip ?? "")), estimate) : null;
        return new MenuEntry(number, model, ListingText.IsActive(model, active), fit, speed, BestFor(known)) { Shape = shape };
    }

    // Nor with sizes that no model has: a server may claim anything.
    private static ModelFacts Believed(ModelFacts model) => model with { SizeBytes = Believed(model.SizeBytes), ResidentBytes = Believed(model.ResidentBytes) };

    private static long? Believed(long? bytes) => bytes is > 0 and <= ModelShape.MostBytes ? bytes : null;

    private static string Where(ModelFacts model, Listing listing) => listing.Backends.GetValueOrDefault(model.Backend)?.Where ?? "";

    // What a hostile file claims is not computed with. Where the backend says too little, the catalog knows how the model is built, and how large it is about.
    private static ModelShape Shape(ModelFacts model, CatalogChoice? known)
    {
        var told = model.Shape is { IsSound: true } sound ? sound : new ModelShape();
        var shape = told.Cache is null && known is not null ? known.Shape : told;
        return shape with { WeightBytes = model.SizeBytes ?? told.WeightBytes ?? shape.WeightBytes, ActiveBytes = told.ActiveBytes ?? shape.ActiveBytes };
    }

    private static string? BestFor(CatalogChoice? known) => known switch
    {
        { Tier: { } tier, BestFor: { } use } => $"{tier}: {use.TrimEnd('.')}",
        { BestFor: { } use } => use.TrimEnd('.'),
        _ => known?.Tier,
    };

    // A server on another machine has another memory.
    private static bool IsHere(string where) => !Uri.TryCreate(where, UriKind.Absolute, out var url) || url.IsFile || Hosts.IsHere(url);
}
