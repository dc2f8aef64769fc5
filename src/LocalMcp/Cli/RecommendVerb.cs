using System.Globalization;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Catalog;
using LocalMcp.Models.Fit;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp recommend</c>: which model this machine should run, why, with the figures, and how to get it.</summary>
internal static class RecommendVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, Goal? only, CancellationToken cancellationToken)
    {
        var settings = services.GetRequiredService<SettingsFile>().Read();
        var catalog = ModelCatalog.Load(settings);
        var menu = await services.GetRequiredService<MenuMaker>().ReadAsync(cancellationToken);
        var machine = await services.GetRequiredService<MachineReader>().ReadAsync(cancellationToken);
        var found = (only is { } goal ? [goal] : Enum.GetValues<Goal>()).Select(one => Recommendation.For(one, catalog, machine, settings)).OfType<Recommendation>().ToList();
        await terminal.Results.WriteLineAsync($"This machine: {MachineText.Of(machine)}.");
        foreach (var same in found.GroupBy(recommendation => recommendation.Choice.Name))
        {
            foreach (var line in Lines([.. same], menu, catalog))
                await terminal.Results.WriteLineAsync(line);
        }
        if (found.Count > 0)
            return 0;
        Terminal.Complain(Recommendation.Budget(machine).Free is { } free ? $"No model of the catalog fits into the {FitVerdict.Bytes(free)} that models may take here. Add a smaller one to `catalog` in settings.json." : "How much memory this machine has is not known, so no model can be recommended. `local-mcp doctor` shows what is known.");
        return 1;
    }

    /// <summary>One model: for which goals, the figures, and the command.</summary>
    /// <param name="goals">The recommendations of the same model, one or more.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<Recommendation> goals, Menu menu, ModelCatalog catalog)
    {
        var recommendation = goals[0];
        var (choice, fit) = (recommendation.Choice, recommendation.Fit);
        yield return $"{string.Join(", ", goals.Select(one => one.Goal.ToString().ToLowerInvariant())),-9} {choice.Name}: {choice.BestFor}";
        yield return $"          memory   {fit.Parts} of {FitVerdict.Bytes(fit.Budget.Free ?? 0)} that models may take";
        yield return $"          speed    {(recommendation.Speed is { } speed ? $"{speed.Words}, {speed.Feel}" : "not known here; it is measured with the first chats")}";
        foreach (var quirk in choice.Model.Quirks)
            yield return $"          note     {quirk.What}";
        yield return $"          {Command(choice, menu, catalog)}";
    }

    private static string Command(CatalogChoice choice, Menu menu, ModelCatalog catalog) =>
        menu.Entries.FirstOrDefault(entry => entry.Model is { Broken: null, RemoteHost: null } && catalog.Match(entry.Model)?.Name == choice.Name) is { } there
            ? string.Create(CultureInfo.InvariantCulture, $"have it  local-mcp use {there.Number}")
            : $"get it   local-mcp pull {choice.Name}";
}
