using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;
using LocalMcp.State;

namespace LocalMcp.Backends.Engine;

/// <summary>The GGUF files that the engine can load: those of the model folders, and the smoke-test model that ships with the program.</summary>
internal sealed partial class EngineModels(UserEnvironment environment, SettingsFile settings)
{
    public const string BackendName = "engine";
    private const string SmokeTestName = "smoke-test";

    private static readonly EnumerationOptions Deep = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive };

    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Changed), GgufHeader> headers = new();

    /// <summary>The folders that are looked through, ours first.</summary>
    public IReadOnlyList<string> Folders => [environment.ModelFolder, .. settings.Read().ModelFolders.Select(environment.Expand)];

    /// <summary>
    /// Every model with its file. Where two files have one name, the later one goes by its folder's name too; ours yields to the user's.
    /// Links count as what they lead to, once.
    /// </summary>
    public IReadOnlyList<(ModelFacts Facts, string Path)> All()
    {
        var found = new Dictionary<string, (ModelFacts Facts, string Path)>();
        foreach (var (path, file) in Folders.SelectMany(Files).DistinctBy(f => f.Real.FullName))
        {
            var facts = Facts(path, file);
            if (!found.TryAdd(facts.Name, (facts, path)) && Path.GetFileName(Path.GetDirectoryName(path)) is { } folder)
                found.TryAdd($"{folder}/{facts.Name}", (facts with { Name = $"{folder}/{facts.Name}" }, path));
        }
        var smoke = Path.Combine(AppContext.BaseDirectory, SmokeTestName + ".gguf");
        if (Real(smoke) is { } shipped)
            found.TryAdd(SmokeTestName, (Facts(smoke, shipped) with { SmokeTest = true }, smoke));
        return [.. found.Values];
    }

    private static IEnumerable<(string Path, FileInfo Real)> Files(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*.gguf", Deep).Where(IsModel).Order(StringComparer.Ordinal))
        {
            if (Real(path) is { } file)
                yield return (path, file);
        }
    }

    // The file itself, behind its links; null for what is no model file: a link to nothing, or a pipe, whose length is 0 and which a read would wait for.
    private static FileInfo? Real(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var real = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return real is { Exists: true, Length: > 0 } ? real : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private ModelFacts Facts(string path, FileInfo file)
    {
        var header = Header(file);
        return new ModelFacts
        {
            Name = PartNumber().Replace(Path.GetFileNameWithoutExtension(path), ""),
            Backend = BackendName,
            SizeBytes = Parts(path).Sum(part => part.Length),
            Quantization = header?.Quantization,
            TrainedContext = header?.ContextLength,
            CanThink = ModelFacts.Reasons(header?.ChatTemplate),
        };
    }

    // A file that cannot be read is listed all the same, with nothing known of it: the engine says why when it is asked to load it.
    private GgufHeader? Header(FileInfo file)
    {
        try
        {
            return headers.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), static key => GgufHeader.Read(key.Path));
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or UnauthorizedAccessException or OverflowException)
        {
            return null;
        }
    }

    // Vision projectors lie beside their models, and parts 2 and up belong to part 1: neither is a model to choose.
    private static bool IsModel(string path)
    {
        var name = Path.GetFileName(path);
        return !name.StartsWith("mmproj", StringComparison.OrdinalIgnoreCase) && (PartNumber().Match(Path.GetFileNameWithoutExtension(name)) is not { Success: true } part || part.Groups[1].Value == "00001");
    }

    private static IEnumerable<FileInfo> Parts(string path)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var paths = PartNumber().Match(stem) is { Success: true } part
            ? Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{stem[..part.Index]}-?????-of-{part.Groups[2].Value}.gguf")
            : [path];
        return paths.Select(Real).OfType<FileInfo>();
    }

    [GeneratedRegex(@"-(\d{5})-of-(\d{5})$")]
    private static partial Regex PartNumber();
}
