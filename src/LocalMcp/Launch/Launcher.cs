using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Backends.Ollama;
using LocalMcp.Chat;
using LocalMcp.Doctor;
using LocalMcp.Keeper;
using LocalMcp.Keeper.Door;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.State;

namespace LocalMcp.Launch;

/// <summary>Finds the model for a client, has it served, and finds out what can be known before the client starts. It changes no file.</summary>
internal sealed class Launcher(
    UserEnvironment environment, SettingsFile settings, ActiveModel active, ModelDirectory directory, MenuMaker menus, ServerProbe probe, EngineModels engineModels, EngineDoor doors, TimeProvider clock)
{
    /// <summary>Routes, loads and looks.</summary>
    /// <param name="wanted">The model, as the list shows it; empty for the active one.</param>
    /// <param name="progress">Told while something loads.</param>
    /// <exception cref="LocalMcpException">There is no such model, or it cannot be served: the message says why.</exception>
    public async Task<LaunchPlan> PrepareAsync(string wanted, LaunchWish wish, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ChatDelta.Routed? routed = null;
        await foreach (var step in directory.RouteAsync(wanted, cancellationToken))
        {
            if (step is ChatDelta.Progress waiting)
                progress.Report(waiting.Message);
            routed = step as ChatDelta.Routed ?? routed;
        }
        var (model, backend) = (routed!.Model, routed.Backend);
        var findings = new List<Finding>();
        if (wish.Messages)
            findings.AddRange(About(model));
        // Nothing is loaded for a model that will not do.
        if (findings.Exists(finding => finding.Readiness == Readiness.Lacking) && !wish.Anyway)
            return LaunchPlan.Refused(backend.Name, model.Name, findings);
        var (server, door) = backend is EngineBackend ? await AtDoorAsync(model, wish, progress, cancellationToken) : (await AtServerAsync(model, backend, wish, findings, progress, cancellationToken), null);
        findings.Insert(0, new(Readiness.Ready, "model", $"{model.Name} ({backend.Name}) at {server.Root}{(door is null ? "" : $", for who has the key; {door.Engine}")}"));
        if (wish.LeastContext > 0)
            findings.Add(Findings.Context(server, model.TrainedContext, backend is OllamaBackend ? RaiseOllama : backend.MoreContext(ClaudeContext.Least), isClaude: wish.Messages));
        if (wish.Messages)
            findings.AddRange(Findings.Expect((await menus.FindAsync(model.Id, cancellationToken))?.Speed?.PrefillTokensPerSecond));
        return new LaunchPlan(server, findings, model.Shape?.CanUseTools, door);
    }

    // The one variable that its own pages name; what our settings ask for is not asked for by other clients.
    private const string RaiseOllama = "set OLLAMA_CONTEXT_LENGTH=65536 for `ollama serve` (in the Ollama app: Settings, Context length), or num_ctx in a Modelfile; what a client sends does not change it, and more takes more memory";

    private IEnumerable<Finding> About(ModelFacts model)
    {
        if (model.SmokeTest)
            yield return new(Readiness.Lacking, "model", "this is the smoke-test model, which can say one thing only. Choose another one with `local-mcp use`, or get one: `local-mcp recommend` names good ones");
        else
            yield return Findings.Tools(model);
        foreach (var quirk in Findings.Quirks(ModelCatalog.Load(settings.Read()).Match(model)))
            yield return quirk;
    }

    private async Task<(LocalServer Server, OpenDoor Door)> AtDoorAsync(ModelFacts model, LaunchWish wish, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (await Task.Run(() => engineModels.Find(model.Name), cancellationToken) is not var (facts, file))
            throw MissingModel.Error("The engine", model.Name, engineModels.All().Select(m => m.Facts.Name));
        var door = await OpenAsync(WantedModel.Of(facts, file) with { Forced = active.IsForced(facts.Id) }, wish, progress, cancellationToken);
        return (new LocalServer(EngineModels.BackendName, door.Url, door.Key, model.Name, door.Context, IsOllama: false), door);
    }

    // Who wants it anyway gets the context that there is.
    private async Task<OpenDoor> OpenAsync(WantedModel model, LaunchWish wish, IProgress<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await doors.OpenAsync(model, new DoorWish(wish.LeastContext, wish.Stays), progress, cancellationToken);
        }
        catch (BackendException refused) when (wish is { Anyway: true, LeastContext: > 0 } && refused.Failure == BackendFailure.Refused)
        {
            progress.Report(refused.Message);
            return await doors.OpenAsync(model, new DoorWish(0, wish.Stays), progress, cancellationToken);
        }
    }

    private async Task<LocalServer> AtServerAsync(ModelFacts model, IBackend backend, LaunchWish wish, List<Finding> findings, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var read = settings.Read();
        var endpoint = Endpoint.All(environment, read).First(e => e.MightBe(backend.Name) && e.Url.GetLeftPart(UriPartial.Authority) == backend.Where);
        using var connection = endpoint.Connect($"{backend.Name} at {endpoint.Address}", endpoint.Root, read.Limits, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(read.Limits.Load);
        try
        {
            if (wish.Messages)
                findings.Insert(0, await MessagesAsync(connection, backend, read, limit.Token));
            var lacks = findings.Exists(finding => finding.Readiness == Readiness.Lacking) && !wish.Anyway;
            var context = backend is OllamaBackend && !lacks ? await OllamaContextAsync(connection, model, progress, limit.Token) : model.ContextLength;
            if (!endpoint.IsHere)
                findings.Add(new(Readiness.Note, "privacy", $"{Hosts.Name(endpoint.Url)} is not this machine: all that the client reads goes there, as allow_hosts in settings.json allows"));
            return new LocalServer(backend.Name, endpoint.Root, endpoint.ApiKey, model.Name, context, backend is OllamaBackend);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LocalMcpException($"{connection.Label} did not load {model.Name} within {read.Limits.LoadMinutes} min. Try again when it has, or raise limits.load_minutes in settings.json.");
        }
    }

    private async Task<Finding> MessagesAsync(ServerConnection connection, IBackend backend, Settings read, CancellationToken cancellationToken)
    {
        var version = await new ServerVersions(environment, probe, clock).AskAsync(backend, read, cancellationToken) switch
        {
            ({ } kind, { } known) => $"{kind.Label} {known}",
            ({ } kind, null) => kind.Label,
            _ => backend.Name,
        };
        if (await MessagesProbe.AskAsync(connection, cancellationToken))
            return new(Readiness.Ready, "protocol", $"{version} speaks Claude's Messages API");
        return new(Readiness.Lacking, "protocol", backend is OllamaBackend
            ? $"{version} does not speak Claude's Messages API; Ollama does from 0.14.0 on. Update it"
            : $"{version} does not speak Claude's Messages API (no {MessagesProbe.Path} at {backend.Where}). Ollama from 0.14.0, LM Studio and llama-server do, and so does the engine: `local-mcp models` lists what is there. Or update the server");
    }

    // Loaded as the client's first request will load it; a model that is there already, and so, is not loaded again.
    private static async Task<int?> OllamaContextAsync(ServerConnection connection, ModelFacts model, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (model.Loaded is not true)
            progress.Report($"loading {model.Name}");
        var load = await connection.PostAsync("api/chat", OllamaWire.LoadBody(model.Name, context: null), cancellationToken);
        if (!load.Succeeded)
            throw connection.Refusal(load.Status, load.Body);
        var ps = await connection.GetAsync("api/ps", cancellationToken);
        return ps.Succeeded ? OllamaWire.ServedContext(ps.Body, model.Name) : null;
    }
}
