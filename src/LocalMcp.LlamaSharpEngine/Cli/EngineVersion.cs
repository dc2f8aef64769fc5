using System.Reflection;

namespace LocalMcp.LlamaSharpEngine.Cli;

internal static class EngineVersion
{
    private static readonly Assembly Program = typeof(EngineVersion).Assembly;

    /// <summary>As in Directory.Packages.props: 0.28.0. The library's own assembly does not say.</summary>
    public static string LLamaSharp { get; } = Program.GetCustomAttributes<AssemblyMetadataAttribute>().First(fact => fact.Key == "LLamaSharpVersion").Value!;

    /// <summary>As in Directory.Build.props: 0.1.0.</summary>
    public static string Own { get; } = Program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Line { get; } = $"LLamaSharp {LLamaSharp} (local-mcp-llamasharp {Own})";
}
