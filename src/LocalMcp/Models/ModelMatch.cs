using System.Globalization;

namespace LocalMcp.Models;

/// <summary>
/// Which of the listed models a word means: the exact name; the name as the backend normalises it; a number of the list;
/// a fragment that only one name has. The first of these that finds anything decides. A word of digits that is a number of the
/// list means that number even where one name holds the digits too: who types 2 has a numbered list before him.
/// </summary>
internal static class ModelMatch
{
    /// <summary>The models that <paramref name="wanted"/> can mean: none, the one, or several that it cannot tell apart.</summary>
    public static IReadOnlyList<ModelFacts> Find(string wanted, IReadOnlyList<ModelFacts> listed)
    {
        wanted = wanted.Trim();
        if (wanted.Length == 0)
            return [];
        if (Exactly(wanted, listed) is { Count: > 0 } same)
            return same;
        // By Ollama's rule X:local is X, and never X of its cloud.
        if (wanted.EndsWith(":local", StringComparison.OrdinalIgnoreCase) && Exactly(wanted[..^6], [.. listed.Where(m => m.OllamaNames)]) is { Count: > 0 } forced)
            return forced;
        if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= listed.Count)
            return [listed[number - 1]];
        var byName = listed.Where(m => m.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        return byName.Count > 0 ? byName : listed.Where(m => m.Id.Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
    }

    /// <summary>
    /// How a stored choice is found again, so that it can never turn into another model: by backend and name together. A line without a
    /// slash, written by hand, is a bare name.
    /// </summary>
    public static IReadOnlyList<ModelFacts> Stored(string line, IReadOnlyList<ModelFacts> listed) => line.Contains('/')
        ? [.. listed.Where(m => m.Id == line || Normalised(line, m) == Normalised(m.Id, m))]
        : Exactly(line, listed);

    /// <summary>By the whole name, as it is or as its backend normalises it; no fragments and no numbers.</summary>
    public static IReadOnlyList<ModelFacts> Exactly(string wanted, IReadOnlyList<ModelFacts> listed)
    {
        var exact = listed.Where(m => m.Id == wanted).ToList();
        if (exact.Count == 0)
            exact = listed.Where(m => m.Name == wanted).ToList();
        return exact.Count > 0 ? exact : listed.Where(m => Normalised(wanted, m) == Normalised(m.Id, m) || Normalised(wanted, m) == Normalised(m.Name, m)).ToList();
    }

    private static string Normalised(string name, ModelFacts model)
    {
        if (!model.OllamaNames)
            return name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? name[..^5] : name;
        var colon = name.LastIndexOf(':');
        var tagged = colon > name.LastIndexOf('/');
        return (tagged ? name : name + ":latest").ToLowerInvariant();
    }
}
