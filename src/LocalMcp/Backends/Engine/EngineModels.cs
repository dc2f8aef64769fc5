using System.Collections.Concurrent;
using System.Globalization;
using LocalMcp.Models;
using LocalMcp.Models.Gguf;
using LocalMcp.State;

namespace LocalMcp.Backends.Engine;

/// <summary>The GGUF files that the engine can load: those of the model folders, and the smoke-test model that ships with the program.</summary>
internal sealed class EngineModels(UserEnvironment environment, SettingsFile settings)
{
    public const string BackendName = "engine";
    private const string SmokeTestName = "smoke-test";

    private volatile Dictionary<string, (ModelFacts Facts, string Path, (long, DateTime) Stamp)> last = [];
    private readonly ConcurrentDictionary<(string Path, long Length, DateTime Changed), GgufVerdict> verdicts = new();

    /// <summary>The folders that are looked through: ours first, whether or not it is there, then the others that are there.</summary>
    public IReadOnlyList<string> Folders => GgufFolders.Of(environment, settings.Read());

    /// <summary>
    /// Every model with the file to load, which is part 1 of a split one. Where two models have one name, the later one goes by its
    /// folder's name too; ours yields to the user's. A broken model is among them, with the reason in its facts, and is not to be loaded.
    /// </summary>
    public IReadOnlyList<(ModelFacts Facts, string Path)> All()
    {
        var all = Look();
        last = all.ToDictionary(model => model.Facts.Name, model => (model.Facts, model.Path, Stamp(model.Path)));
        return all;
    }

    /// <summary>The model of this name, without a look through the folders where its file is still the one that was seen there last; null when there is none.</summary>
    public (ModelFacts Facts, string Path)? Find(string name)
    {
        if (last.TryGetValue(name, out var seen) && seen.Stamp == Stamp(seen.Path))
            return (seen.Facts, seen.Path);
        var found = All().FirstOrDefault(model => model.Facts.Name == name);
        return found.Facts is null ? null : found;
    }

    private List<(ModelFacts Facts, string Path)> Look()
    {
        var found = new Dictionary<string, (ModelFacts Facts, string Path)>();
        foreach (var file in GgufSearch.In(Folders))
        {
            if (Facts(file) is { } facts && file.Names.FirstOrDefault(name => !found.ContainsKey(name)) is { } name)
                found.Add(name, (facts with { Name = name }, file.Path));
        }
        var smoke = Path.Combine(AppContext.BaseDirectory, SmokeTestName + ".gguf");
        if (GgufSearch.At(smoke) is { } shipped && Facts(shipped) is { } itsFacts)
            found.TryAdd(SmokeTestName, (itsFacts with { SmokeTest = true }, smoke));
        return [.. found.Values];
    }

    private static (long, DateTime) Stamp(string path) => new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : default;

    // Null for what is no model to chat with. Of a broken file nothing but its name says so.
    private ModelFacts? Facts(GgufFile file)
    {
        var parts = file.Parts.Select(part => (part.Number, Verdict: Verdict(part.Real))).ToList();
        var header = parts[0].Number == 1 ? parts[0].Verdict.Header : null;
        var weights = Weights(file, [.. parts.Select(part => part.Verdict.Header)]);
        if (parts.Any(part => part.Verdict.Header is { } one && !GgufPurpose.IsChat(one)))
            return null;
        return new ModelFacts
        {
            Name = file.Names.First(),
            Backend = BackendName,
            SizeBytes = file.Length,
            Quantization = header is null ? null : GgufFileType.Name(header.Metadata, weights),
            TrainedContext = header?.ContextLength,
            CanThink = ModelFacts.Reasons(header?.ChatTemplate),
            Shape = header is not null && GgufShape.Of(header.Metadata, weights, header.ChatTemplate) is { IsSound: true } shape ? shape : null,
            Broken = file.Missing ?? parts.Select(part => Broken(file, part.Number, part.Verdict)).FirstOrDefault(reason => reason is not null),
        };
    }

    // The tensors of all parts; null where a part is not known.
    private static TensorTally? Weights(GgufFile file, IReadOnlyList<GgufHeader?> parts)
    {
        if (file.Missing is not null || parts.Contains(null))
            return null;
        if (parts is [{ } only])
            return only.Weights;
        var sum = new TensorTally();
        foreach (var part in parts)
            sum.Add(part!.Weights);
        return sum;
    }

    private static string? Broken(GgufFile file, int number, GgufVerdict verdict)
    {
        var reason = verdict.Broken ?? Unloadable(file, number, verdict.Header!);
        return reason is not null && file.Of > 1 ? string.Create(CultureInfo.InvariantCulture, $"part {number} of {file.Of}: {reason}") : reason;
    }

    // llama.cpp finds the other parts by this one's name, and compares their number with what the headers say.
    private static string? Unloadable(GgufFile file, int number, GgufHeader header) => header switch
    {
        { Parts: > 1 } when (header.Part, header.Parts) != (number, file.Of) =>
            string.Create(CultureInfo.InvariantCulture, $"its header says part {header.Part} of {header.Parts}, and its name does not"),
        { Tensors: 0 } when file.Of == 1 => "no weights in it",
        _ => null,
    };

    // What cannot be read now may be readable a moment later, with the same length and date: that is not kept.
    private GgufVerdict Verdict(FileInfo file)
    {
        try
        {
            return verdicts.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), static (_, file) => GgufVerdict.Of(file), file);
        }
        catch (UnauthorizedAccessException)
        {
            return new GgufVerdict(null, "cannot be read, permission denied");
        }
        catch (IOException failed)
        {
            return new GgufVerdict(null, $"cannot be read, {failed.Message.TrimEnd('.')}");
        }
    }
}
