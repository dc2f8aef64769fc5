using System.Text.RegularExpressions;

namespace LocalMcp.Models.Catalog;

/// <summary>
/// A model's name taken apart: which model, and which quantization. Two names mean the same model only where all their words are the same,
/// whatever the order, so that 3B is never 32B, and a distilled, pruned or uncensored one never the model that it was made from.
/// </summary>
/// <param name="Words">Its words in lower case and in order, without those that only say how the file was made.</param>
/// <param name="Quantization">In upper case: <c>Q4_K_M</c>, <c>4BIT</c>; null where the name says none.</param>
internal sealed partial record CatalogName(string Words, string? Quantization)
{
    // How the weights were packed, not what was learned.
    private static readonly HashSet<string> Packing = ["gguf", "mlx", "ud", "qat", "dwq", "mtp", "imatrix", "latest"];

    // Some repositories put the owner of the original before its name, as owner_name.
    private static readonly string[] Owners = ["qwen_", "google_", "openai_", "mistralai_", "zai-org_", "meta-llama_"];

    /// <param name="name">As a backend lists it: a file's name, an id with or without an owner, a name of Ollama's.</param>
    public static CatalogName Of(string name)
    {
        var bare = PartOfSeveral().Replace(name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant(), "");
        if (bare.EndsWith(".gguf", StringComparison.Ordinal))
            bare = PartOfSeveral().Replace(bare[..^5], "");
        bare = Array.Find(Owners, owner => bare.StartsWith(owner, StringComparison.Ordinal)) is { } before ? bare[before.Length..] : bare;
        var quantization = Quantizations().Match(bare) is { Success: true } found ? found.Value.ToUpperInvariant() : null;
        var words = BetweenWords().Split(Quantizations().Replace(bare, "-")).Where(word => word.Length > 0 && !Packing.Contains(word));
        return new CatalogName(string.Join(' ', words.Order(StringComparer.Ordinal)), quantization);
    }

    /// <summary>Bits of a quantization as its name says: 4 for Q4_K_M, IQ4_XS, 4bit and MXFP4; null where it says none.</summary>
    public static int? Bits(string quantization) => Digits().Match(quantization) is { Success: true } digits ? int.Parse(digits.Value, System.Globalization.CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"-\d{5}-of-\d{5}$")]
    private static partial Regex PartOfSeveral();

    [GeneratedRegex(@"(?<![a-z0-9.])(iq\d_[a-z0-9]+(_[a-z0-9]+)?|q\d_k(_(xs|s|m|l|xl))?|q\d_[01]|q\d|tq\d_0|(mx|nv)?fp\d+|b?f16|f32|[2-8]-?bit)(?![a-z0-9_.])")]
    private static partial Regex Quantizations();

    [GeneratedRegex("[^a-z0-9.]+")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
