using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Checks;

/// <summary>The files that sessions share: whoever reads one at whatever moment finds it whole, unless a fault has just written something else into it.</summary>
internal sealed partial class StateFiles(TemporaryHome home, Action<string> breaks)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> ours = new();

    public string StateFolder => Path.Combine(home.Folder, ".local", "state", "local-mcp");

    public string SpeedsFile => Path.Combine(StateFolder, "speeds.json");

    /// <summary>Writes a text into one of them, as an editor or a careless script does.</summary>
    public void Rewrite(string file, string text)
    {
        ours.GetOrAdd(file, _ => []).Add(text);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        catch (Exception inTheWay) when (inTheWay is IOException or UnauthorizedAccessException)
        {
            // Another fault has its folder.
        }
    }

    /// <summary>Reads all of them.</summary>
    public void Check()
    {
        if (Text(home.ActiveModelFile) is { } active && !OneModel().IsMatch(active))
            breaks($"active_model is torn: \"{active}\"");
        if (Text(SpeedsFile) is { } speeds && !IsJson(speeds))
            breaks($"speeds.json is torn: \"{speeds}\"");
        var folder = Path.Combine(StateFolder, "stats");
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            if (Text(file) is { } lines && (lines.Length > 0 && lines[^1] != '\n' ? "the last line has no end" : Array.Find(lines.Split('\n'), line => line.Length > 0 && !IsJson(line))) is { } torn)
                breaks($"{Path.GetFileName(file)} is torn: {torn}");
        }
    }

    // Null where it is not there, or is what a fault has written, or the beginning of it.
    private string? Text(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return ours.TryGetValue(file, out var written) && written.Any(of => of.StartsWith(text, StringComparison.Ordinal)) ? null : text;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[^\s/]+/[^\n]+\n(forced\n)?\z")]
    private static partial Regex OneModel();
}
