using System.Text.RegularExpressions;

namespace LocalMcp.FakeServer;

/// <summary>Ollama's model names: without regard to case, <c>:latest</c> by default, the library being the default place.</summary>
internal static partial class OllamaNames
{
    public static string WithTag(string name) => name.LastIndexOf(':') > name.LastIndexOf('/') ? name : name + ":latest";

    public static FakeModel? Find(IReadOnlyList<FakeModel> models, string name) =>
        models.FirstOrDefault(model => Canonical(model.Name).Equals(Canonical(name), StringComparison.OrdinalIgnoreCase));

    public static bool IsValid(string name) => Valid().IsMatch(name);

    private static string Canonical(string name) => WithTag(DefaultPlace().Replace(name, ""));

    [GeneratedRegex(@"^(registry\.ollama\.ai/)?library/", RegexOptions.IgnoreCase)]
    private static partial Regex DefaultPlace();

    [GeneratedRegex(@"^(https?://)?[A-Za-z0-9_][A-Za-z0-9_.:/-]*$")]
    private static partial Regex Valid();
}
