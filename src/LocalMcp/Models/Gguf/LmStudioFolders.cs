using System.Text.Json;
using LocalMcp.State;

namespace LocalMcp.Models.Gguf;

/// <summary>
/// Where LM Studio keeps its models. After its own command line: findLMStudioHome.ts in lmstudio-ai/lmstudio.js, and modelsFolder.ts and
/// importCmd.ts in lmstudio-ai/lms. What cannot be read is passed over, as there.
/// </summary>
internal static class LmStudioFolders
{
    private const long LongestFile = 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The folder that the user chose in LM Studio, then the one in the home that it points to, then the places where new and old versions begin.</summary>
    public static IEnumerable<string> Of(UserEnvironment environment)
    {
        string[] homes = [.. Pointed(environment), Path.Combine(environment.Home, ".lmstudio"), Path.Combine(environment.Home, ".cache", "lm-studio")];
        string[] settings = [.. homes.Select(home => Path.Combine(home, "settings.json")), Path.Combine(ApplicationData(environment), "LM Studio", "settings.json")];
        return settings.Select(Chosen).OfType<string>().Where(Path.IsPathRooted).Concat(homes.Select(home => Path.Combine(home, "models")));
    }

    private static string[] Pointed(UserEnvironment environment) =>
        Text(Path.Combine(environment.Home, ".lmstudio-home-pointer"))?.Trim() is { } home && Path.IsPathRooted(home) ? [home] : [];

    // Where versions before 0.3 had their settings.
    private static string ApplicationData(UserEnvironment environment) =>
        OperatingSystem.IsMacOS() ? Path.Combine(environment.Home, "Library", "Application Support") : environment.ConfigHome;

    private static string? Chosen(string settings)
    {
        if (Text(settings) is not { } json)
            return null;
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("downloadsFolder", out var folder) && folder.ValueKind == JsonValueKind.String
                ? folder.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= LongestFile } ? File.ReadAllText(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
