using LocalMcp.Backends;

namespace LocalMcp.Models;

/// <summary>What one backend said, or why it said nothing.</summary>
/// <param name="Label">What and where: <c>LM Studio at http://127.0.0.1:1234</c>.</param>
/// <param name="Reason">Why it could not be asked; null when it was.</param>
/// <param name="Advice">The same with the next step.</param>
/// <param name="Failure">The kind of that reason.</param>
/// <param name="Endpoint">Its address; null for the engine.</param>
internal sealed record Place(string Label, IBackend? Backend, IReadOnlyList<ModelFacts> Models, string? Reason, string? Advice, BackendFailure? Failure, Endpoint? Endpoint)
{
    public static Place Down(string label, BackendException failed, Endpoint? endpoint) =>
        new(label, null, [], failed.Brief, failed.Message, failed.Failure, endpoint);

    /// <summary>Whether it is there and will have models in a while.</summary>
    public bool IsLoading => Failure == BackendFailure.Loading;

    /// <summary>Whether nobody need hear of it: a well-known port, or the engine, where nothing is installed.</summary>
    public bool IsMerelyAbsent => Failure == BackendFailure.Unreachable && Endpoint is not { Named: true };
}

/// <summary>All models in the order of their numbers, the backends that could not be asked, and the servers that have no models.</summary>
internal sealed record Listing(IReadOnlyList<ModelFacts> Models, Dictionary<string, IBackend> Backends, IReadOnlyList<Place> Unreachable, IReadOnlyList<Place> Empty)
{
    /// <summary>Numbers follow the order of the places, and names within them; the smoke-test model is last, whatever its name.</summary>
    public static Listing Of(IEnumerable<Place> places)
    {
        var backends = new Dictionary<string, IBackend>();
        var models = new List<ModelFacts>();
        var unreachable = new List<Place>();
        var empty = new List<Place>();
        foreach (var place in places)
        {
            if (place.Backend is null)
                unreachable.Add(place);
            else if (!backends.TryAdd(place.Backend.Name, place.Backend))
                unreachable.Add(Namesake(place));
            else if (place.Models.Count == 0 && place.Endpoint is not null)
                empty.Add(place with { Reason = "it has no models yet: load or pull one there" });
            else
                models.AddRange(place.Models.Where(CanBeNamed).Select(Shown).DistinctBy(m => m.Id).OrderBy(m => m.Name, StringComparer.OrdinalIgnoreCase));
        }
        return new Listing([.. models.OrderBy(m => m.SmokeTest)], backends, unreachable, empty);
    }

    // A name is stored and shown as one line.
    private static bool CanBeNamed(ModelFacts model) => model.Name.Length is > 0 and <= 500 && !model.Name.Any(c => char.IsControl(c) || PlainText.IsHarmful(c));

    // The rest is only shown.
    private static ModelFacts Shown(ModelFacts model) => model.Quantization is { } quantization ? model with { Quantization = PlainText.Of(quantization) } : model;

    private static Place Namesake(Place place)
    {
        var reason = $"{place.Label} goes by the name \"{place.Backend!.Name}\", which another server has. Give it a name of its own in settings.json.";
        return place with { Backend = null, Models = [], Reason = reason, Advice = reason };
    }

    /// <summary>The number of a model, as the list shows it and set_model takes it.</summary>
    public int NumberOf(ModelFacts model) => Models.Index().First(m => m.Item.Id == model.Id).Index + 1;
}
