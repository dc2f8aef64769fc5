namespace LocalMcp.State;

/// <summary>
/// The model that answers unless a call names another: one line, <c>backend/model</c>, shared by every session of the user; a second one, <c>forced</c>,
/// where the user chose it although it does not fit into the memory.
/// It is read again at every call, and replaced as a whole (temporary file, flush, rename), so a reader never sees half a line.
/// </summary>
internal sealed class ActiveModel(UserEnvironment environment)
{
    private const int LongestLine = 1000;
    private const string ForcedLine = "forced";

    /// <summary>The stored <c>backend/model</c>, or null when none was chosen yet.</summary>
    /// <exception cref="LocalMcpException">The file is there and cannot be read.</exception>
    public string? Read() => Lines()?.Id;

    /// <summary>Whether this is the active model, and was chosen although it does not fit into the memory by our estimate. False where that cannot be read: a call that names its model does without.</summary>
    public bool IsForced(string id)
    {
        try
        {
            return Lines() is { Forced: true } stored && stored.Id == id;
        }
        catch (LocalMcpException)
        {
            return false;
        }
    }

    private (string Id, bool Forced)? Lines()
    {
        try
        {
            using var file = new StreamReader(environment.ActiveModelFile);
            var start = new char[LongestLine + 1];
            var text = new string(start, 0, file.ReadBlock(start)).Trim();
            var forced = text.EndsWith($"\n{ForcedLine}", StringComparison.Ordinal);
            text = forced ? text[..^(ForcedLine.Length + 1)].TrimEnd() : text;
            if (text.Length > LongestLine || text.Any(char.IsControl))
                throw new LocalMcpException($"{environment.ActiveModelFile} does not hold one line of the form backend/model. Choose a model again with set_model, which writes it anew.");
            return text.Length > 0 ? (text, forced) : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"The active model cannot be read from {environment.ActiveModelFile}: {unreadable.Message} Make the file readable, or name a model in the call.", unreadable);
        }
    }

    /// <summary>Makes <paramref name="id"/> (<c>backend/model</c>) the active model of every session.</summary>
    /// <exception cref="LocalMcpException">The config folder cannot be written; what was active stays so.</exception>
    /// <param name="forced">Whether it is to be loaded although it does not fit by our estimate.</param>
    public void Write(string id, bool forced = false)
    {
        try
        {
            Directory.CreateDirectory(environment.ConfigFolder);
            StateFile.Replace(environment.ActiveModelFile, System.Text.Encoding.UTF8.GetBytes(forced ? $"{id}\n{ForcedLine}\n" : id + "\n"), sync: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"The choice could not be saved in {environment.ConfigFolder}: {failed.Message} Nothing was changed. Make the folder writable, or set XDG_CONFIG_HOME to one that is.", failed);
        }
    }
}
