using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalMcp.Models.Gguf;

/// <summary>A model as it lies in a folder: one file, or the parts of a split one that are there.</summary>
/// <param name="Path">The file to load: part 1, or the first part that is there.</param>
/// <param name="Parts">The files behind the names, with their part numbers, in order. A whole model is part 1 of 1.</param>
/// <param name="Of">How many parts there should be.</param>
internal sealed partial record GgufFile(string Path, IReadOnlyList<(int Number, FileInfo Real)> Parts, int Of)
{
    /// <summary>What it is, whatever it is called: the real file behind the first part.</summary>
    public string Identity => Parts[0].Real.FullName;

    /// <summary>All parts together, in bytes.</summary>
    public long Length => Parts.Sum(part => part.Real.Length);

    /// <summary>Which parts are not there, as a phrase: <c>part 2 of 3 is missing</c>. Null when none is.</summary>
    public string? Missing => (Of - Parts.Count) switch
    {
        0 => null,
        1 => string.Create(CultureInfo.InvariantCulture, $"part {FirstMissing} of {Of} is missing"),
        var count => string.Create(CultureInfo.InvariantCulture, $"{count} of {Of} parts are missing, part {FirstMissing} first"),
    };

    /// <summary>
    /// The names that it can go by, best first: without extension and part number; then with the folders that it lies in, one more at a time;
    /// last its path. In a Hugging Face cache the folders are those of the repository.
    /// </summary>
    public IEnumerable<string> Names
    {
        get
        {
            var name = NameOf(Path).Stem;
            yield return name;
            foreach (var folder in Repository(Path) ?? Folders(Path))
                yield return $"{folder}/{name}";
            yield return Path;
        }
    }

    /// <summary>What a file name says: the name of the model, which part it is, and of how many. A whole model is part 1 of 1.</summary>
    public static (string Stem, int Part, int Of) NameOf(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        var numbers = PartNumber().Match(name);
        if (!numbers.Success)
            return (name, 1, 1);
        var (part, of) = (int.Parse(numbers.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(numbers.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        return part >= 1 && part <= of ? (name[..numbers.Index], part, of) : (name, 1, 1);
    }

    private int FirstMissing => Parts.Index().FirstOrDefault(p => p.Item.Number != p.Index + 1, (Parts.Count, default)).Index + 1;

    // models--org--name/snapshots/<revision>/…/file.gguf: huggingface_hub writes a slash as two hyphens (REPO_ID_SEPARATOR).
    private static IEnumerable<string>? Repository(string path)
    {
        var match = HubSnapshot().Match(path);
        if (!match.Success)
            return null;
        var repository = match.Groups[1].Value.Replace("--", "/", StringComparison.Ordinal);
        return [repository, $"{repository}/{match.Groups[2].Value}"];
    }

    private static IEnumerable<string> Folders(string path)
    {
        var folders = "";
        for (var folder = System.IO.Path.GetDirectoryName(path); System.IO.Path.GetFileName(folder) is { Length: > 0 } name; folder = System.IO.Path.GetDirectoryName(folder))
            yield return folders = folders.Length == 0 ? name : $"{name}/{folders}";
    }

    [GeneratedRegex(@"-(\d{5})-of-(\d{5})$")]
    private static partial Regex PartNumber();

    [GeneratedRegex(@"/models--([^/]+)/snapshots/([^/]{1,7})[^/]*/")]
    private static partial Regex HubSnapshot();
}
