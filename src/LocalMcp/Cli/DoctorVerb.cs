using LocalMcp.Backends;
using LocalMcp.Backends.Engine;
using LocalMcp.Keeper;
using LocalMcp.Models;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp doctor</c>: a list of checks, each with a verdict and, where it is not good, the next step. A check that fails to run is a result too.</summary>
internal static class DoctorVerb
{
    private enum Verdict
    {
        Good,

        /// <summary>Worth knowing; nothing is broken.</summary>
        Note,
        Bad,
    }

    private sealed record Check(Verdict Verdict, string Title, string Finding);

    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, CancellationToken cancellationToken)
    {
        var environment = services.GetRequiredService<UserEnvironment>();
        List<Check> checks =
        [
            new(Verdict.Good, "version", ProgramVersion.Text),
            Try("config folder", () => ConfigFolder(environment)),
            Try("settings", () => Settings(services, environment)),
            await TryAsync("engine program", () => EngineAsync(services, environment, cancellationToken)),
            await TryAsync("resident models", () => KeeperAsync(services, cancellationToken)),
            Try("model folders", () => new Check(Verdict.Good, "model folders", string.Join(", ", services.GetRequiredService<EngineModels>().Folders))),
        ];
        checks.AddRange(await ModelsAsync(services, cancellationToken));
        foreach (var check in checks)
            await terminal.Results.WriteLineAsync($"{check.Verdict switch { Verdict.Good => "✓", Verdict.Note => "–", _ => "✗" }} {check.Title}: {CommandLine.InVerbs(check.Finding)}");
        return checks.Any(c => c.Verdict == Verdict.Bad) ? 1 : 0;
    }

    private static Check ConfigFolder(UserEnvironment environment)
    {
        Directory.CreateDirectory(environment.ConfigFolder);
        var probe = Path.Combine(environment.ConfigFolder, $"doctor.{Guid.NewGuid():N}.tmp");
        File.WriteAllText(probe, "");
        File.Delete(probe);
        return new Check(Verdict.Good, "config folder", $"{environment.ConfigFolder}, writable");
    }

    private static Check Settings(IServiceProvider services, UserEnvironment environment)
    {
        services.GetRequiredService<SettingsFile>().Read();
        return new Check(Verdict.Good, "settings", File.Exists(environment.SettingsFile) ? $"{environment.SettingsFile}, valid" : $"defaults, there is no {environment.SettingsFile}");
    }

    private static async Task<Check> EngineAsync(IServiceProvider services, UserEnvironment environment, CancellationToken cancellationToken)
    {
        var program = EngineProgram.Find(environment, services.GetRequiredService<SettingsFile>().Read());
        if (program is null)
            return new Check(Verdict.Note, "engine program", EngineProgram.Missing(environment)["engine: ".Length..]);
        var engine = await EngineAbilities.AskAsync(program, services.GetRequiredService<TimeProvider>(), cancellationToken);
        return new Check(Verdict.Good, "engine program", $"{program}, {engine.Title}, {engine.HasGpu switch { true => "with a GPU", false => "without a GPU", null => "which does not list its devices" }}");
    }

    private static async Task<Check> KeeperAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var status = await services.GetRequiredService<KeeperLink>().StatusAsync(cancellationToken);
        var models = status is null ? "none, the engine does not run; a question to one of its models starts it" : status.Residents.Count == 0 ? "none" : string.Join(", ", status.Residents.Select(r => r.Model));
        return new Check(Verdict.Good, "resident models", status is null ? models : $"{models}; `local-mcp ps` shows more");
    }

    private static async Task<IReadOnlyList<Check>> ModelsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await services.GetRequiredService<ModelDirectory>().ListAsync(cancellationToken);
            var active = services.GetRequiredService<ActiveModel>().Read();
            return
            [
                .. listing.Backends.Values.Select(b => new Check(Verdict.Good, b.Name, $"{b.Where}, models: {listing.Models.Count(m => m.Backend == b.Name)}")),
                .. listing.Unreachable.Where(p => p.Endpoint is not null).Select(Unreachable),
                Answerer(active, listing),
            ];
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return [new Check(Verdict.Bad, "models", failed.Message)];
        }
    }

    private static Check Unreachable(Place place)
    {
        var advice = place.Advice ?? "";
        var finding = advice.StartsWith(place.Label, StringComparison.Ordinal) ? advice[place.Label.Length..].TrimStart(':', ' ') : advice;
        return new Check(place.Endpoint!.Named ? Verdict.Bad : Verdict.Note, place.Label, finding);
    }

    private static Check Answerer(string? active, Listing listing)
    {
        var choice = Choice.Of("", active, listing);
        return choice.Model is { } model
            ? new Check(model.SmokeTest ? Verdict.Note : Verdict.Good, "active model", active is null ? $"none chosen; {model.Id} is {(model.SmokeTest ? "only the smoke test: get a real model" : "the only one to ask")}" : model.Id)
            : new Check(Verdict.Bad, "active model", choice.Trouble!);
    }

    private static Check Try(string title, Func<Check> check) => TryAsync(title, () => Task.FromResult(check())).GetAwaiter().GetResult();

    private static async Task<Check> TryAsync(string title, Func<Task<Check>> check)
    {
        try
        {
            return await check();
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return new Check(Verdict.Bad, title, failed.Message);
        }
    }
}
