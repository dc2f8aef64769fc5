namespace LocalMcp.Benchmarks.All;

/// <summary>Where the sources are that this program was built from.</summary>
internal static class Repository
{
    /// <exception cref="DirectoryNotFoundException">This program was moved out of it.</exception>
    public static string Root { get; } = Find();

    public static string Results => Path.Combine(Root, "bench", "results");

    public static string QuickResults => Path.Combine(Root, "artifacts", "bench-results");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LocalMcp.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"LocalMcp.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
