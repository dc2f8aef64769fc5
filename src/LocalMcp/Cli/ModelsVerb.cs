using LocalMcp.Models;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp models</c>: what list_models says; on a terminal as a table.</summary>
internal static class ModelsVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, CancellationToken cancellationToken)
    {
        var menu = await services.GetRequiredService<MenuMaker>().ReadAsync(cancellationToken);
        if (terminal.IsTerminal && menu.Entries.Count > 0)
            Draw(terminal.Rich, menu);
        else
            await terminal.Results.WriteLineAsync(CommandLine.InVerbs(MenuText.Table(menu)));
        return 0;
    }

    private static void Draw(IAnsiConsole console, Menu menu)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var column in MenuText.Columns)
            table.AddColumn(column);
        foreach (var entry in menu.Entries)
            table.AddRow([entry.IsActive ? "[green]●[/]" : "", .. MenuText.Row(entry).Select(Markup.Escape)]);
        console.Write(table);
        foreach (var line in MenuText.Remarks(menu))
            console.MarkupLineInterpolated($"[grey]{CommandLine.InVerbs(line)}[/]");
    }
}
