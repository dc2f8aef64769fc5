using LocalMcp.State;

namespace LocalMcp.Doctor;

/// <summary>The folder and the file in which the user's choices are kept.</summary>
internal sealed class HomeChecks(UserEnvironment environment, SettingsFile settings)
{
    /// <summary>Writes a file into the folder and removes it: nothing else tells whether that can be done.</summary>
    public Check ConfigFolder(string title)
    {
        var folder = environment.ConfigFolder;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $"doctor.{Guid.NewGuid():N}.tmp");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Check.Good(title, $"{folder}, writable");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return Check.Bad(title, $"{folder} cannot be written: {failed.Message.TrimEnd('.')}", "Make it writable, or set XDG_CONFIG_HOME to a folder that is; without it no choice of a model can be kept.");
        }
    }

    public Check Settings(string title)
    {
        settings.Read();
        return Check.Good(title, File.Exists(environment.SettingsFile) ? $"{environment.SettingsFile}, valid" : $"defaults, there is no {environment.SettingsFile}");
    }
}
