using LocalMcp.State;

namespace LocalMcp.Workspace;

/// <summary>Files that hold secrets, known by their paths alone: the name that was given and the place that it leads to are both judged.</summary>
internal sealed partial class SecretFiles(UserEnvironment environment, Settings settings)
{
    private readonly PathPatterns allowed = PathPatterns.Parse(settings.Files.AllowSecrets, ignoreCase: true);

    // Of this program's own, which XDG variables may put anywhere.
    private readonly string[] own = [.. new[] { environment.SettingsFile, environment.HuggingFaceTokenFile }.SelectMany(file => Unix.RealPath(file) is { } real ? [file, real] : new[] { file })];

    /// <summary>Why a file is not to be read or written; null where it is no secret, or where the settings open it.</summary>
    public string? Why(ProjectPath path, bool isFolder)
    {
        var what = What(path.Start, path.Name, isFolder) ?? (path.Start == path.Root && path.Name == path.Real ? null : What(path.Root, path.Real, isFolder));
        return what is null ? null : $"on the list of secret files ({what}); files.allow_secrets in settings.json opens it";
    }

    private string? What(string root, string relative, bool isFolder)
    {
        if (allowed.Covers(relative, isFolder))
            return null;
        var full = $"{root}/{relative}";
        if (own.Contains(full))
            return "keys of this program";
        return Kinds.FirstOrDefault(kind => kind.Holds(full[1..], relative, isFolder))?.What;
    }
}
