using System.Globalization;
using System.Text;
using LocalMcp.Models.Fit;

namespace LocalMcp.Models;

/// <summary>The menu in words: the one table of list_models, <c>local-mcp models</c> and /switch-model.</summary>
internal static class MenuText
{
    /// <summary>Characters of a title that Claude Code 2.1.329 shows, whatever the width of the window; it cuts a longer one with an ellipsis as the last of 48.</summary>
    private const int Shown = 47;

    /// <summary>The columns, in order, without the active marker.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["#", "model", "memory", "speed", "context", "backend", "state", "for"];

    /// <summary>The numbered table with the active marker, then the backends that could not be asked, and advice last.</summary>
    public static string Table(Menu menu)
    {
        var rows = menu.Entries.Select(Row).Prepend(Columns).ToList();
        var widths = Enumerable.Range(0, Columns.Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var (index, row) in rows.Index())
        {
            var marked = index > 0 && menu.Entries[index - 1].IsActive;
            text.Append(marked ? "● " : "  ").AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
        if (menu.Entries.Count == 0)
            text.Clear().AppendLine($"There are no models yet. {ListingText.NextStep}");
        foreach (var remark in Remarks(menu))
            text.AppendLine(remark);
        return text.ToString().TrimEnd();
    }

    /// <summary>What follows the table: the backends that could not be asked, an active model that is not there, and advice.</summary>
    public static IEnumerable<string> Remarks(Menu menu) =>
        menu.Advice is { } advice ? [.. ListingText.Remarks(menu.Listing, menu.Active), advice] : ListingText.Remarks(menu.Listing, menu.Active);

    /// <summary>One model as cells of the table. Unknown is a dash.</summary>
    public static IReadOnlyList<string> Row(MenuEntry entry) =>
    [
        entry.Number.ToString(CultureInfo.InvariantCulture),
        entry.Model.Name,
        entry.Fit?.Cell ?? "–",
        entry.Speed?.Words ?? "–",
        Context(entry),
        entry.Model.Backend,
        State(entry.Model),
        entry.BestFor ?? "–",
    ];

    /// <summary>One model as a title of a menu that shows <see cref="Shown"/> characters: whether it fits is always among them, and of a long name both ends.</summary>
    public static string Title(MenuEntry entry)
    {
        var verdict = entry.Fit is { Fit: not Fit.Fit.Unknown } fit ? $" · {fit.Word}" : "";
        var number = $"{(entry.IsActive ? "● " : "")}{entry.Number} ";
        var facts = new[] { entry.Model.Loaded is true ? "loaded" : null, entry.Model.SmokeTest ? State(entry.Model) : null, entry.Speed?.Words, Needed(entry.Fit), entry.BestFor, entry.Model.Backend };
        return $"{number}{Shortened(entry.Model.Name, Shown - number.Length - verdict.Length)}{verdict}{string.Concat(facts.Where(fact => fact is not (null or "–")).Select(fact => $" · {fact}"))}";
    }

    private static string? Needed(FitVerdict? fit) => fit switch
    {
        null or { Need.Least: 0 } => null,
        { Fit: Fit.Fit.Unknown } => fit.Cell,
        _ => FitVerdict.Bytes(fit.Need.Least),
    };

    // The end tells the quantizations of a model apart.
    private static string Shortened(string name, int room) => name.Length <= room ? name : $"{name[..((room - 1) / 2)]}…{name[^(room / 2)..]}";

    // An engine's model gets what fits, which may be less than the setting.
    private static string Context(MenuEntry entry) => entry switch
    {
        { Model.Broken: not null } => "–",
        { Model: { Backend: "engine", Loaded: not true }, Fit: { } fit } => Tokens(fit.Serving.Context),
        { Model.ContextLength: { } served } => Tokens(served),
        { Model.TrainedContext: { } trained } => $"up to {Tokens(trained)}",
        _ => "–",
    };

    // Context lengths are powers of two more often than not: 32k is how everybody calls 32,768.
    private static string Tokens(int tokens) => tokens % 1024 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{tokens / 1024}k")
        : tokens.ToString("N0", CultureInfo.InvariantCulture);

    private static string State(ModelFacts model) => model switch
    {
        { RemoteHost: { } host } => $"runs at {host}, refused",
        { Broken: { } reason } => $"broken: {reason}",
        { SmokeTest: true } => "smoke test only",
        { Loaded: true } => "loaded",
        { Loaded: false } => "not loaded",
        _ => "–",
    };
}
