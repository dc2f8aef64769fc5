using LocalMcp.State;

namespace LocalMcp.Models.Gguf;

/// <summary>
/// The folders where GGUF files lie: ours, those of the settings, and those where other programs put what the user downloaded with them.
/// The order decides which of two files keeps its plain name.
/// </summary>
internal static class GgufFolders
{
    /// <summary>Ours, whether or not it is there, then those that are there, each once.</summary>
    public static IReadOnlyList<string> Of(UserEnvironment environment, Settings settings)
    {
        var links = new RealPath();
        IEnumerable<string> others =
        [
            .. settings.ModelFolders.Select(environment.Expand),
            .. LmStudioFolders.Of(environment),
            LlamaCache(environment),
            environment.HuggingFaceHub,
        ];
        return [environment.ModelFolder, .. others.Where(Directory.Exists).Select(Path.GetFullPath).DistinctBy(Real).Where(folder => Real(folder) != Real(environment.ModelFolder))];

        string Real(string folder)
        {
            try
            {
                return links.Folder(folder);
            }
            catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
            {
                return folder;
            }
        }
    }

    // fs_get_cache_directory in llama.cpp's common/common.cpp. Newer versions download into Hugging Face's cache, or lay this folder out like one.
    private static string LlamaCache(UserEnvironment environment) => environment.LlamaCache ?? (OperatingSystem.IsMacOS()
        ? Path.Combine(environment.Home, "Library", "Caches", "llama.cpp")
        : Path.Combine(environment.CacheHome, "llama.cpp"));
}
