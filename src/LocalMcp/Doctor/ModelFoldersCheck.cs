using System.Globalization;
using LocalMcp.Backends.Engine;

namespace LocalMcp.Doctor;

/// <summary>The folders with GGUF files: how many models each has, and which of them are broken.</summary>
internal sealed class ModelFoldersCheck(EngineModels models, Survey survey)
{
    private const int MostNamed = 5;

    public Check Look(string title)
    {
        survey.Settings();
        var folders = models.Folders;
        var files = models.All().Where(model => !model.Facts.SmokeTest).ToList();
        var counts = files.GroupBy(model => Home(model.Path, folders)).ToDictionary(group => group.Key, group => group.Count());
        var finding = string.Join("; ", folders.Select(folder => $"{folder}: {Count(counts.GetValueOrDefault(folder), folder)}"));
        var broken = files.Where(model => model.Facts.Broken is not null).Select(model => $"{model.Facts.Name} ({model.Facts.Broken})").ToList();
        return broken.Count == 0
            ? Check.Good(title, finding)
            : Check.Note(title, $"{finding}. Broken: {Named.Some(broken, MostNamed)}", "Download what is broken again, or remove it; it is never loaded.");
    }

    // Of two folders, one in the other, the inner one has the file.
    private static string Home(string path, IReadOnlyList<string> folders) =>
        folders.Where(folder => path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)).MaxBy(folder => folder.Length) ?? "";

    private static string Count(int count, string folder) => count switch
    {
        0 => Directory.Exists(folder) ? "no models" : "not there yet",
        1 => "1 model",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} models"),
    };
}
