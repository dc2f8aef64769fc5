namespace LocalMcp.Models.Gguf;

/// <summary>Looks through folders for GGUF files. Links count as what they lead to, wherever in the path they are.</summary>
internal static class GgufSearch
{
    // A Hugging Face cache needs four: models--org--name/snapshots/<revision>/<folder of a quantization>; a folder above it one more.
    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, MaxRecursionDepth = 5, IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>
    /// The models in these folders, in their order, and by path within each. One that is found more than once counts where it was found
    /// first; of several finds that begin with the same part 1, the one with most parts is taken.
    /// </summary>
    public static IEnumerable<GgufFile> In(IEnumerable<string> folders)
    {
        var links = new RealPath();
        return folders.SelectMany(folder => In(folder, links)).GroupBy(file => file.Identity).Select(same => same.MaxBy(file => file.Parts.Count)!);
    }

    /// <summary>The model of one file; null when there is none.</summary>
    public static GgufFile? At(string path) => new RealPath().File(path) is { } real ? new GgufFile(path, [(1, real)], 1) : null;

    private static IEnumerable<GgufFile> In(string folder, RealPath links) => Paths(folder)
        .Where(path => GgufPurpose.IsChat(Path.GetFileName(path)))
        .Order(StringComparer.Ordinal)
        .GroupBy(ModelOf)
        .Select(parts => Whole(parts, parts.Key.Of, links))
        .OfType<GgufFile>();

    // Parts of one model lie side by side; a whole file shares its key with none.
    private static (string Stem, int Of) ModelOf(string path) => GgufFile.NameOf(path) is { Of: > 1 } part
        ? (Path.Combine(Path.GetDirectoryName(path)!, part.Stem), part.Of)
        : (path, 1);

    private static GgufFile? Whole(IEnumerable<string> paths, int of, RealPath links)
    {
        var there = paths
            .Select(path => (Path: path, GgufFile.NameOf(path).Part, Real: links.File(path)))
            .Where(part => part.Real is not null)
            .DistinctBy(part => part.Part)
            .OrderBy(part => part.Part)
            .ToList();
        return there.Count == 0 ? null : new GgufFile(there[0].Path, [.. there.Select(part => (part.Part, part.Real!))], of);
    }

    private static string[] Paths(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.gguf", Deep) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // One folder that has gone meanwhile, or is a loop of links, hides no other.
            return [];
        }
    }
}
