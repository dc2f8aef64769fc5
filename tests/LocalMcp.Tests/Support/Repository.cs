namespace LocalMcp.Tests.Support;

/// <summary>Places in this checkout.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The program as the build made it, or the one that LOCAL_MCP_PROGRAM names: the installed one, which is trimmed, has to do the same.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("LOCAL_MCP_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "local-mcp");

    public static string Captured(string name) => Path.Combine(AppContext.BaseDirectory, "Captured", name + ".json");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LocalMcp.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the checkout.");
        return folder.FullName;
    }
}
