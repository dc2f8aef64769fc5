using LocalMcp.Models;

namespace LocalMcp.Pull;

/// <summary>Which model of a repository is meant.</summary>
internal static class HubChoice
{
    private const int MostInAnError = 20;

    // What llama.cpp takes where no tag is given (find_best_model in common/download.cpp), and Hugging Face's page on Ollama: Q4_K_M where it is there.
    // After these llama.cpp takes the first file, whichever that is; here the user is asked.
    private static readonly string[] Usual = ["Q4_K_M", "Q8_0"];

    /// <summary>The one that is meant.</summary>
    /// <param name="wanted">A quantization, a file, or empty.</param>
    /// <exception cref="LocalMcpException">None or several are; the message lists what is there, nearest first.</exception>
    public static HubModel Of(HubRepository repository, string wanted)
    {
        var models = HubModel.In(repository.Files);
        if (models.Count == 0)
            throw new LocalMcpException(NoModels(repository));
        var chosen = wanted.Length > 0 ? Named(repository, models, wanted) : Default(repository, models);
        return chosen.Missing is { } missing ? throw new LocalMcpException($"{repository.Id} lacks {missing} of {chosen.Name}. Choose another: {List(repository, models.Where(model => model.Missing is null))}") : chosen;
    }

    private static HubModel Named(HubRepository repository, IReadOnlyList<HubModel> models, string wanted)
    {
        if (models.Where(model => model.IsCalled(wanted)).ToList() is { Count: > 0 } called)
            return Only(repository, called, $"{called.Count} files of {repository.Id} are called {wanted}");
        var fitting = models.Where(model => model.Is(wanted)).ToList();
        var plain = fitting.Where(model => model.EndsWith(wanted)).ToList();
        if (fitting.Count > 0)
            return Only(repository, plain.Count == 1 ? plain : fitting, $"{wanted} fits {fitting.Count} files of {repository.Id}");
        var beside = repository.Files.Any(file => file.Path.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        throw new LocalMcpException(beside
            ? $"{wanted} is in {repository.Id}, but it is no model to chat with. {There(repository, models)}"
            : $"{repository.Id} has no {wanted}. {There(repository, Nearest(wanted, models))}");
    }

    private static HubModel Default(HubRepository repository, IReadOnlyList<HubModel> models)
    {
        if (models.Count == 1)
            return models[0];
        var fitting = Usual.Select(tag => models.Where(model => model.EndsWith(tag)).ToList()).FirstOrDefault(fitting => fitting.Count > 0);
        return fitting is null
            ? throw new LocalMcpException($"{repository.Id} has {models.Count} models, and none is the usual one ({string.Join(" or ", Usual)}). {There(repository, models)}")
            : Only(repository, fitting, $"{repository.Id} has {fitting.Count} models of {fitting[0].Tag}");
    }

    private static HubModel Only(HubRepository repository, List<HubModel> models, string several) =>
        models is [var one] ? one : throw new LocalMcpException($"{several}. {There(repository, models)}");

    private static IEnumerable<HubModel> Nearest(string wanted, IReadOnlyList<HubModel> models)
    {
        var near = NearestNames.Of(wanted, models.Select(model => model.Tag).Concat(models.Select(model => Path.GetFileName(model.Name))), models.Count * 2);
        return models.Where(model => Letters(model.Tag) == Letters(wanted)).Concat(near.SelectMany(name => models.Where(model => model.Tag == name || Path.GetFileName(model.Name) == name))).Concat(models).Distinct();
    }

    // Q4KM and q4-k-m mean what is called Q4_K_M.
    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static string There(HubRepository repository, IEnumerable<HubModel> models) => $"There are: {List(repository, models)}";

    private static string List(HubRepository repository, IEnumerable<HubModel> models)
    {
        var all = models.ToList();
        if (all.Count == 0)
            return "there is none.";
        var more = all.Count > MostInAnError ? $" and {all.Count - MostInAnError} more" : "";
        return $"{string.Join(", ", all.Take(MostInAnError).Select(model => model.Title))}{more}. Name one: `local-mcp pull hf:{repository.Id}:{(all[0].Of == 1 ? all[0].Files[0].Path : all[0].Name)}`.";
    }

    private static string NoModels(HubRepository repository)
    {
        var others = repository.Files.Any(file => file.Path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) ? "It has safetensors, which the engine does not load"
            : repository.Files.Any(file => file.Path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) ? "What it has of them are companions of models, or have names or sizes that are not fit for a disk"
            : "It holds no weights that are known here";
        return $"{repository.Id} has no GGUF model. {others}. Look for a conversion: a repository of the same name that ends in -GGUF.";
    }
}
