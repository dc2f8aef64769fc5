using LocalMcp.Machine;
using LocalMcp.Models.Fit;
using LocalMcp.Models.Speed;
using LocalMcp.State;

namespace LocalMcp.Models;

/// <summary>Puts the menu together: what there is, what of it fits this machine, and how fast it is.</summary>
internal sealed class MenuMaker(ModelDirectory directory, ActiveModel active, SettingsFile settings, MeasuredSpeeds speeds, MachineReader machines)
{
    /// <summary>Everything anew: models, memory, speeds.</summary>
    /// <exception cref="LocalMcpException">The settings are broken.</exception>
    public async Task<Menu> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = machines.ReadAsync(cancellationToken);
        var listing = await directory.ListAsync(cancellationToken);
        return Of(listing, active.Read(), await reading, settings.Read(), speeds.Read());
    }

    /// <summary>The menu of a listing on this machine. Pure.</summary>
    public static Menu Of(Listing listing, string? active, MachineProfile machine, Settings settings, SpeedBook speeds)
    {
        var entries = listing.Models.Select((model, index) => Entry(index + 1, model, listing, active, machine, settings, speeds)).ToList();
        return new Menu(listing, active, entries, null);
    }

    private static MenuEntry Entry(int number, ModelFacts model, Listing listing, string? active, MachineProfile machine, Settings settings, SpeedBook speeds)
    {
        var (where, shape) = (listing.Backends.GetValueOrDefault(model.Backend)?.Where ?? "", Shape(model));
        var here = model is { RemoteHost: null, Broken: null } && IsHere(where);
        var fit = here ? Fitting.Of(model, shape, listing.Models, machine, settings) : null;
        var estimate = fit is null ? null : SpeedEstimate.Of(shape, Bandwidth(fit, machine), Math.Min(fit.Serving.Context, SpeedEstimate.WorkingContext), fit.Serving.Cache);
        var speed = model is { Broken: null, SmokeTest: false } ? ModelSpeed.Of(speeds.Find(SpeedKey.Of(model, where, machine.Chip ?? "")), estimate) : null;
        return new MenuEntry(number, model, ListingText.IsActive(model, active), fit, speed, null) { Shape = shape };
    }

    // What a hostile file claims is not computed with.
    private static ModelShape Shape(ModelFacts model)
    {
        var told = model.Shape is { IsSound: true } sound ? sound : new ModelShape();
        return told with { WeightBytes = model.SizeBytes ?? told.WeightBytes };
    }

    // Of the memory that holds all of it; what only processor cores work on is not bound by memory alone.
    private static long? Bandwidth(FitVerdict fit, MachineProfile machine) =>
        machine.IsUnifiedMemory ? machine.Bandwidth?.BytesPerSecond
        : machine.Cards is [var card] && fit.Need.Total <= card.TotalMemory ? card.Bandwidth?.BytesPerSecond
        : null;

    // A server on another machine has another memory.
    private static bool IsHere(string where) => !Uri.TryCreate(where, UriKind.Absolute, out var url) || url.IsFile || url.IsLoopback;
}
