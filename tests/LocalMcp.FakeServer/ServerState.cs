using System.Collections.Concurrent;

namespace LocalMcp.FakeServer;

/// <summary>What changes while the server runs: which models are loaded, who waits at the gate, how often it was unavailable.</summary>
internal sealed class ServerState : IDisposable
{
    private readonly ConcurrentDictionary<string, LoadedModel> _loaded = new();
    private readonly SemaphoreSlim _gate = new(0);
    private int _refusals;
    private int _answers;
    private long _since;

    public RequestLog Log { get; } = new();

    /// <summary>Starts the clock and the count of unavailability; models are loaded anew where the list of models is another one.</summary>
    public void Begin(FakeOptions options, FakeOptions? before)
    {
        _refusals = 0;
        _since = options.Time.GetTimestamp();
        if (ReferenceEquals(options.Models, before?.Models))
            return;
        _loaded.Clear();
        foreach (var model in options.Models.Where(model => model.Loaded))
            Load(model, model.Served(options.Kind), options.Time.GetUtcNow().AddMinutes(5));
    }

    public void Load(FakeModel model, int context, DateTimeOffset expires) => _loaded[model.Name] = new LoadedModel(context, expires);

    public void Unload(FakeModel model) => _loaded.TryRemove(model.Name, out _);

    public LoadedModel? Loaded(FakeModel model) => _loaded.GetValueOrDefault(model.Name);

    public int NextAnswerNumber() => Interlocked.Increment(ref _answers);

    public bool IsUnavailable(FakeOptions options) =>
        options.Time.GetElapsedTime(_since) < options.UnavailableFor || Volatile.Read(ref _refusals) < options.UnavailableForFirst;

    /// <summary>Whether this request is to be refused; counts it.</summary>
    public bool Refuses(FakeOptions options) => IsUnavailable(options) && Interlocked.Increment(ref _refusals) > 0;

    public void Release(int responses) => _gate.Release(responses);

    /// <summary>Waits for one release. A release that came earlier counts.</summary>
    public async Task HoldAsync(RecordedRequest request, CancellationToken cancellationToken)
    {
        Log.Held(request, true);
        try
        {
            await _gate.WaitAsync(cancellationToken);
        }
        finally
        {
            Log.Held(request, false);
        }
    }

    public void Dispose() => _gate.Dispose();
}

internal sealed record LoadedModel(int Context, DateTimeOffset Expires);
