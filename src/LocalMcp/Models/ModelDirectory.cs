using System.Runtime.CompilerServices;
using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Chat;
using LocalMcp.State;

namespace LocalMcp.Models;

/// <summary>
/// The router: from a name, a fragment, a number or nothing to one model and its backend. It asks the backends at first use, and
/// again whenever the answer that it has does not settle the question; a chat with a model that it knows asks nobody else.
/// </summary>
internal sealed class ModelDirectory(UserEnvironment environment, SettingsFile settings, ActiveModel active, ServerProbe probe, EngineBackend engine, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LoadingPause = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<Endpoint, IBackend> identified = [];
    private readonly SemaphoreSlim asking = new(1, 1);
    private volatile Listing? known;
    private long askedAt = long.MinValue;

    /// <summary>Everything that is there now, asked anew.</summary>
    /// <exception cref="LocalMcpException">The settings are broken. A backend that is down is part of the answer, not an error.</exception>
    public async Task<Listing> ListAsync(CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        await asking.WaitAsync(cancellationToken);
        try
        {
            // Who waited while another call asked has its answer: it is as new as this question.
            if (known is { } meanwhile && askedAt >= since)
                return meanwhile;
            var asked = clock.GetTimestamp();
            var endpoints = Endpoint.All(environment, settings.Read());
            var servers = endpoints.Select(endpoint => LookAsync(endpoint, cancellationToken)).ToList();
            var places = await Task.WhenAll(servers.Append(PlaceAsync(engine, "engine", null, cancellationToken)));
            var listing = Listing.Of(places);
            askedAt = asked;
            return known = listing;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Forgets what the backends said, after one of them failed: the next call asks again.</summary>
    public void Forget() => known = null;

    /// <summary>
    /// Finds the model for a chat: what <paramref name="wanted"/> means, or the active model when it is empty. Signs of life while a
    /// backend that may have it is still loading; last the choice.
    /// </summary>
    /// <exception cref="LocalMcpException">There is no such model, or more than one: the message lists what is there.</exception>
    public async IAsyncEnumerable<ChatDelta> RouteAsync(string wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var chosen = wanted.Length > 0 ? null : active.Read();
        if (known is { } listed && Choice.Known(wanted, chosen, listed, clock.GetElapsedTime(askedAt)) is { } settled)
        {
            yield return Routed(settled, listed);
            yield break;
        }
        var wereLoading = new HashSet<Endpoint>();
        while (true)
        {
            var listing = Choice.WithRestarts(await ListAsync(cancellationToken), wereLoading);
            wereLoading.UnionWith(listing.Unreachable.Where(p => p.IsLoading).Select(p => p.Endpoint).OfType<Endpoint>());
            var choice = Choice.Of(wanted, chosen, listing);
            if (choice.Model is { } model)
            {
                yield return Routed(model, listing);
                yield break;
            }
            if (!Choice.IsWorthWaiting(wanted, chosen, listing) || clock.GetElapsedTime(started) >= settings.Read().Limits.Load)
                throw new LocalMcpException(choice.Trouble!);
            yield return new ChatDelta.Progress(listing.Unreachable.First(p => p.IsLoading).Reason!);
            await Task.Delay(LoadingPause, clock, cancellationToken);
        }
    }

    public void Dispose() => asking.Dispose();

    private static ChatDelta.Routed Routed(ModelFacts model, Listing listing) => new(model, listing.Backends[model.Backend]);

    private async Task<Place> LookAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            if (Identified(endpoint) is not { } backend)
            {
                backend = await WithinAsync(limit => probe.IdentifyAsync(endpoint, limit), endpoint.Label, endpoint.Named, cancellationToken);
                Remember(endpoint, backend);
            }
            var place = await PlaceAsync(backend, endpoint.Label, endpoint, cancellationToken);
            if (place.Backend is null)
                Remember(endpoint, null);
            return place;
        }
        catch (BackendException failed)
        {
            return Place.Down(endpoint.Label, failed, endpoint);
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or LocalMcpException))
        {
            return Place.Down(endpoint.Label, Defect(endpoint.Label, defect), endpoint);
        }
    }

    private async Task<Place> PlaceAsync(IBackend backend, string label, Endpoint? endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return new Place(label, backend, await WithinAsync(backend.ListAsync, label, named: true, cancellationToken), null, null, null, endpoint);
        }
        catch (BackendException failed)
        {
            return Place.Down(label, failed, endpoint);
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or LocalMcpException))
        {
            return Place.Down(label, Defect(label, defect), endpoint);
        }
    }

    // What nobody has foreseen in one backend must not hide the others.
    private static BackendException Defect(string label, Exception defect) =>
        new(BackendFailure.Unintelligible, $"{label} could not be understood ({defect.GetType().Name}: {defect.Message}). Please report this with what the server answers at its list of models.", defect);

    // A server that takes the connection and then says nothing must not hold up the others.
    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> question, string label, bool named, CancellationToken cancellationToken)
    {
        var patience = named ? settings.Read().Limits.Connect : TimeSpan.FromSeconds(2);
        using var timer = new CancellationTokenSource(patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await question(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackendException(BackendFailure.Unreachable, $"{label} did not say within {patience.TotalSeconds:0} s which models it has. It may be busy or out of reach: ask again{(named ? ", or raise limits.connect_seconds in settings.json" : "")}.");
        }
    }

    private IBackend? Identified(Endpoint endpoint)
    {
        lock (identified)
            return identified.GetValueOrDefault(endpoint);
    }

    private void Remember(Endpoint endpoint, IBackend? backend)
    {
        lock (identified)
        {
            if (backend is null)
                identified.Remove(endpoint);
            else
                identified[endpoint] = backend;
        }
    }
}
