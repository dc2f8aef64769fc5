using System.Text.Json;
using LocalMcp.Backends;
using LocalMcp.Doctor;
using LocalMcp.State;

namespace LocalMcp.Launch;

/// <summary>
/// What Claude Code's own files say against an environment: the variables of a settings file win over it, and a helper for keys is asked whatever it says. They are read, never
/// changed, and no value of them is shown.
/// </summary>
internal static class ClaudeFiles
{
    private const long Largest = 16 * 1024 * 1024;
    private static readonly string[] Managed = ["/etc/claude-code/managed-settings.json", "/Library/Application Support/ClaudeCode/managed-settings.json"];
    private static readonly string[] OfProjects = ["settings.local.json", "settings.json"];
    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What would spoil it, file by file.</summary>
    /// <param name="project">The folder that the client is started in.</param>
    public static IEnumerable<Finding> Against(IReadOnlyList<Variable> variables, UserEnvironment environment, string project)
    {
        foreach (var file in Of(environment, project))
        {
            var (names, hasHelper) = Read(file, variables);
            if (names.Count > 0)
                yield return new(Readiness.Lacking, "settings", $"{file} sets {string.Join(", ", names)} in \"env\", and that wins over what is given here. Take {(names.Count == 1 ? "it" : "them")} out while you work on the local model");
            if (hasHelper && variables.Count > 0)
                yield return new(Readiness.Lacking, "settings", $"{file} has an apiKeyHelper: the key that it gives would be sent to the local server, too. Take it out while you work on the local model");
        }
    }

    private static IEnumerable<string> Of(UserEnvironment environment, string project)
    {
        var roots = new ClaudeCode(environment, project).Roots.SelectMany(folder => OfProjects.Select(file => Path.Combine(folder, ".claude", file)));
        return Managed.Concat(roots).Append(Path.Combine(environment.ClaudeFolder, "settings.json")).Distinct().Where(File.Exists);
    }

    // A file that cannot be read, or understood, sets nothing for the client either, and it says so itself.
    private static (IReadOnlyList<string> Names, bool HasHelper) Read(string file, IReadOnlyList<Variable> variables)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > Largest)
                return ([], false);
            using var json = JsonDocument.Parse(stream, Tolerant);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return ([], false);
            var helper = json.RootElement.TryGetProperty("apiKeyHelper", out var program) && JsonText.Of(program) is { Length: > 0 };
            return (json.RootElement.TryGetProperty("env", out var set) && set.ValueKind == JsonValueKind.Object ? [.. Other(set, variables)] : [], helper);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return ([], false);
        }
    }

    private static IEnumerable<string> Other(JsonElement set, IReadOnlyList<Variable> variables) =>
        variables.Where(variable => set.TryGetProperty(variable.Name, out var value) && Text(value) != (variable.Value ?? "")).Select(variable => variable.Name);

    private static string Text(JsonElement value) => JsonText.Of(value) ?? value.GetRawText();
}
