using System.Globalization;
using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Models;

namespace LocalMcp.Doctor;

/// <summary>Each model server: where it is, what it is and what it serves; or why it cannot be asked.</summary>
internal sealed class ServerChecks(Survey survey, ServerVersions versions)
{
    private const int MostNamed = 5;

    public async Task<IReadOnlyList<Check>> LookAsync(CancellationToken cancellationToken)
    {
        var listing = await survey.AskAsync(cancellationToken);
        var there = await Task.WhenAll(listing.Backends.Values.Where(backend => backend.Name != EngineModels.BackendName).Select(backend => ServerAsync(backend, listing, cancellationToken)));
        return [.. there, .. Silent(listing)];
    }

    /// <summary>The servers that could not be asked: each with its reason, and the well-known ports where nobody is in one line.</summary>
    public static IEnumerable<Check> Silent(Listing listing)
    {
        var servers = listing.Unreachable.Where(place => place.Endpoint is not null).ToList();
        return [.. servers.Where(place => !place.IsMerelyAbsent).Select(Down), .. Absent(servers.Where(place => place.IsMerelyAbsent))];
    }

    private async Task<Check> ServerAsync(IBackend backend, Listing listing, CancellationToken cancellationToken)
    {
        var (kind, version) = await versions.AskAsync(backend, survey.Settings(), cancellationToken);
        var what = $"{kind?.Label ?? backend.Name} at {backend.Where}, {(version is null ? "which tells no version" : $"version {version}")}";
        var models = listing.Models.Where(model => model.Backend == backend.Name).ToList();
        return models.Count == 0
            ? Check.Note(backend.Name, $"{what}, has no models", "Load or pull a model there.")
            : Check.Good(backend.Name, string.Create(CultureInfo.InvariantCulture, $"{what}, {models.Count} {(models.Count == 1 ? "model" : "models")}: {Named.Some([.. models.Select(Name)], MostNamed)}"));
    }

    private static string Name(ModelFacts model) => model.Loaded is true ? $"{model.Name} (loaded)" : model.Name;

    // A server that the user named has to answer; what is on a well-known port need not be for us. One that loads will be there soon.
    private static Check Down(Place place)
    {
        var advice = place.Advice ?? "";
        var words = advice.StartsWith(place.Label, StringComparison.Ordinal) ? advice[place.Label.Length..].TrimStart(':', ' ') : advice;
        return Check.Of(place.Label, place.Endpoint!.Named && !place.IsLoading ? Verdict.Bad : Verdict.Note, words);
    }

    private static IEnumerable<Check> Absent(IEnumerable<Place> places)
    {
        var labels = places.Select(place => place.Label.Replace("http://", "", StringComparison.Ordinal)).ToList();
        return labels.Count == 0 ? [] : [Check.Note("well-known ports", $"no answer from {Named.Some(labels, labels.Count)}")];
    }
}
