using LocalMcp.Models;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp models</c>: what list_models says; on a terminal as a table.</summary>
internal static class ModelsVerb
{
    private const int Gap = 2;
    private const int LeastRoom = 8;

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
        var rows = menu.Entries.Select(MenuText.Row).ToList();
        var room = Room(rows, console.Profile.Width);
        var table = new Table().Border(TableBorder.None).AddColumn("", column => column.NoWrap().PadRight(1));
        foreach (var title in MenuText.Columns)
            table.AddColumn($"[bold]{Markup.Escape(title)}[/]", column => column.NoWrap().PadRight(Gap));
        foreach (var (entry, row) in menu.Entries.Zip(rows))
            table.AddRow([entry.IsActive ? "[green]●[/]" : "", .. row.SkipLast(1).Select(Markup.Escape), Markup.Escape(Shortened(row[^1], room))]);
        console.Write(table);
        foreach (var line in MenuText.Remarks(menu))
            console.MarkupLineInterpolated($"[grey]{CommandLine.InVerbs(line)}[/]");
    }

    // What a model is good for gives way to the rest: a name in two pieces can be neither read nor copied.
    private static int Room(IReadOnlyList<IReadOnlyList<string>> rows, int width) =>
        width - 2 - Enumerable.Range(0, MenuText.Columns.Count - 1).Sum(column => rows.Append(MenuText.Columns).Max(row => row[column].Length) + Gap);

    private static string Shortened(string text, int room) => text.Length <= room ? text : room < LeastRoom ? "" : $"{text[..(room - 1)]}…";
}
