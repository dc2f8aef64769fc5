using LocalMcp.Models;
using LocalMcp.State;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp models</c>: what list_models says; on a terminal as a table.</summary>
internal static class ModelsVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, CancellationToken cancellationToken)
    {
        var listing = await services.GetRequiredService<ModelDirectory>().ListAsync(cancellationToken);
        var active = services.GetRequiredService<ActiveModel>().Read();
        if (terminal.IsTerminal && listing.Models.Count > 0)
            Draw(terminal.Rich, listing, active);
        else
            await terminal.Results.WriteLineAsync(CommandLine.InVerbs(ListingText.Table(listing, active)));
        return 0;
    }

    private static void Draw(IAnsiConsole console, Listing listing, string? active)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var column in ListingText.Columns)
            table.AddColumn(column);
        foreach (var model in listing.Models)
        {
            var marker = ListingText.IsActive(model, active) ? "[green]●[/]" : "";
            table.AddRow([marker, .. ListingText.Row(listing, model).Select(Markup.Escape)]);
        }
        console.Write(table);
        foreach (var line in ListingText.Remarks(listing, active))
            console.MarkupLineInterpolated($"[grey]{CommandLine.InVerbs(line)}[/]");
    }
}
