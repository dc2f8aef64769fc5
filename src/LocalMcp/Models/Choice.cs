using LocalMcp.Backends;
using LocalMcp.Backends.Ollama;

namespace LocalMcp.Models;

/// <summary>The outcome of choosing: a model, or the sentence that says why there is none. Pure: it takes a listing and asks nobody.</summary>
internal sealed record Choice(ModelFacts? Model, string? Trouble)
{
    /// <summary>How long "the only model" may be taken from an older listing: another one may have come.</summary>
    private static readonly TimeSpan OnlyForAWhile = TimeSpan.FromMinutes(1);

    /// <summary>What is settled without asking anybody again: a model by its exact name, or the only real one that there was a moment ago.</summary>
    public static ModelFacts? Known(string wanted, string? active, Listing listing, TimeSpan age)
    {
        IReadOnlyList<ModelFacts> settled = (wanted.Length > 0, active) switch
        {
            (true, _) => ModelMatch.Exactly(wanted, listing.Models),
            (_, not null) => ModelMatch.Stored(active, listing.Models),
            _ => age < OnlyForAWhile ? Real(listing) : [],
        };
        return settled is [{ RemoteHost: null, Broken: null } only] ? only : null;
    }

    /// <summary>Whether a backend that is still loading may have what is asked for, and nothing else has.</summary>
    public static bool IsWorthWaiting(string wanted, string? active, Listing listing)
    {
        var loading = listing.Unreachable.Where(p => p.IsLoading).ToList();
        var name = wanted.Length > 0 ? wanted : active ?? "";
        return loading.Count > 0 && (Real(listing).Count == 0 || loading.Any(p => p.Endpoint?.MightBe(name.Split('/')[0]) is true));
    }

    /// <summary>A listing in which a server that was loading a moment ago, and now takes no connection or breaks it, counts as loading still: it restarts.</summary>
    public static Listing WithRestarts(Listing listing, IReadOnlySet<Endpoint> wereLoading) => wereLoading.Count == 0 ? listing : listing with
    {
        Unreachable = [.. listing.Unreachable.Select(p => p is { Endpoint: { } endpoint, Failure: BackendFailure.Unreachable or BackendFailure.Dropped } && wereLoading.Contains(endpoint)
            ? p with { Failure = BackendFailure.Loading, Reason = $"{p.Label} was loading, and does not answer now" }
            : p)],
    };

    /// <summary>
    /// <paramref name="wanted"/> if it is not empty, else the active model, else the one loaded model, else the only model. A broken model is never
    /// chosen, and where a word means one sound model beside broken ones, it means that one. The smoke-test
    /// model comes into question only where there is no other, and no server that should have one.
    /// </summary>
    public static Choice Of(string wanted, string? active, Listing listing)
    {
        if (wanted.Length > 0)
            return Named(wanted, ModelMatch.Find(wanted, listing.Models), listing);
        if (active is not null)
            return Stored(active, listing);
        var real = Real(listing);
        var loaded = real.Where(m => m.Loaded is true).ToList();
        if (loaded is [var inMemory])
            return new Choice(inMemory, null);
        if (real is [var only])
            return new Choice(only, null);
        // A server that the user named, or that is there and keeps us out, is what he wants to hear of, not a model that stands in for it.
        if (real.Count == 0 && listing.Models is [{ SmokeTest: true } smoke] && listing.Unreachable.All(p => p.IsMerelyAbsent) && !listing.Empty.Any(p => p.Endpoint is { Named: true }))
            return new Choice(smoke, null);
        return real.Count == 0
            ? Nothing(ListingText.NoneToAsk(listing))
            : Nothing($"No model is active yet, and there are several: {ListingText.Short(listing, [.. listing.Models.Where(m => m.Broken is null)])}. Choose one with set_model, by number or by a part of its name.");
    }

    private static Choice Named(string wanted, IReadOnlyList<ModelFacts> found, Listing listing) => found switch
    {
        [{ RemoteHost: { } host } cloud] => Nothing($"{OllamaCloud.Refusal(cloud.Name, cloud.Backend, host)} {ListingText.There(listing)}"),
        [{ Broken: { } reason } broken] => Nothing($"\"{broken.Name}\" ({broken.Backend}) is broken and is never loaded: {reason}. Download it again, or remove it. {ListingText.There(listing)}"),
        [var one] => new Choice(one, null),
        _ when found.Where(m => m.Broken is null).ToList() is [var sound] => Named(wanted, [sound], listing),
        [] => NotThere(wanted, listing),
        _ => Nothing($"\"{wanted}\" matches {found.Count} models: {ListingText.Short(listing, found)}. Use the number, more of the name, or backend/name."),
    };

    private static Choice Stored(string active, Listing listing)
    {
        if (ModelMatch.Stored(active, listing.Models) is { Count: > 0 } found)
            return Named(active, found, listing);
        return Nothing(Down(active, listing) is { } down
            ? $"The active model is {active}, and its backend cannot be asked. {Sentence(down.Advice)} {ListingText.There(Without(down, listing))}"
            : $"The active model is {active}, and it is not there any more. {ListingText.There(listing)}");
    }

    private static Choice NotThere(string wanted, Listing listing)
    {
        if (OllamaCloud.Names(wanted))
            return Nothing($"\"{wanted}\" is the name of a model in Ollama's cloud: it would not run on this machine. Local means local, so it is refused. {ListingText.There(listing)}");
        return Nothing(wanted.Contains('/') && Down(wanted, listing) is { } down
            ? $"No model matches \"{wanted}\", and that backend cannot be asked. {Sentence(down.Advice)} {ListingText.There(Without(down, listing))}"
            : $"No model matches \"{wanted}\". {ListingText.There(listing)}");
    }

    // The place that would have a model of this id, if it could be asked.
    private static Place? Down(string id, Listing listing)
    {
        var backend = id.Split('/', 2)[0];
        return listing.Unreachable.FirstOrDefault(p => p.Endpoint is null ? backend == "engine" : p.Endpoint.MightBe(backend));
    }

    // What has been told in full is not told again in short.
    private static Listing Without(Place told, Listing listing) => listing with { Unreachable = [.. listing.Unreachable.Where(place => place != told)] };

    private static string Sentence(string? words) => words is null or "" || words.EndsWith('.') ? words ?? "" : $"{words}.";

    private static List<ModelFacts> Real(Listing listing) => listing.Models.Where(m => m is { SmokeTest: false, RemoteHost: null, Broken: null }).ToList();

    private static Choice Nothing(string trouble) => new(null, trouble);
}
