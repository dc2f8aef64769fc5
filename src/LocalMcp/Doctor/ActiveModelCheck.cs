using LocalMcp.Backends.Engine;
using LocalMcp.Models;
using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>Which model answers a question that names none, and whether it can.</summary>
/// <param name="fit">Whether a model is more than this machine can hold: a sentence when it is, null when it fits or nothing is known.</param>
internal sealed class ActiveModelCheck(UserEnvironment environment, ActiveModel active, Survey survey, Func<ModelFacts, CancellationToken, Task<string?>> fit)
{
    public async Task<Check> LookAsync(string title, CancellationToken cancellationToken)
    {
        var chosen = active.Read();
        var listing = await survey.ListingAsync(cancellationToken);
        var choice = Choice.Of("", chosen, listing);
        return choice.Model is { } model ? Answering(title, model, chosen, await fit(model, cancellationToken)) : Nobody(title, chosen, choice.Trouble!, listing);
    }

    private Check Answering(string title, ModelFacts model, string? chosen, string? tight)
    {
        if (model.SmokeTest)
            return Check.Note(title, $"{(chosen is null ? "none chosen; " : "")}{model.Id} is only the smoke test", RealModel);
        var who = chosen is null ? $"none chosen; {model.Id} answers, as the only one that is loaded or there" : model.Id;
        return tight is not null
            ? Check.Note(title, $"{who}. {tight.TrimEnd('.')}", "Choose a smaller one with `local-mcp use`, or close other programs.")
            : Check.Good(title, who);
    }

    private Check Nobody(string title, string? chosen, string trouble, Listing listing)
    {
        var sound = listing.Models.Where(model => model is { SmokeTest: false, RemoteHost: null, Broken: null }).ToList();
        if (sound.Count == 0)
            return Check.Bad(title, chosen is null ? "there is no model to ask" : First(trouble), RealModel);
        var there = ListingText.Short(listing, sound);
        return chosen is null
            ? Check.Bad(title, $"none chosen, and there are several: {there}", "Choose one with `local-mcp use <number>`.")
            : Check.Bad(title, First(trouble), $"{(IsEngines(chosen) ? "See the engine above" : "See its server above")}, or choose another with `local-mcp use <number>`: {there}.");
    }

    private string RealModel => $"`local-mcp recommend` says which model this machine should run, and `local-mcp pull` gets it; or start Ollama or LM Studio, or put a GGUF file into {environment.ModelFolder}.";

    private static bool IsEngines(string chosen) => chosen.StartsWith(EngineModels.BackendName + "/", StringComparison.Ordinal);

    // What is there, and what to do, follow as sentences of their own.
    private static string First(string trouble) => trouble.Split(". ", 2)[0].TrimEnd('.');
}
