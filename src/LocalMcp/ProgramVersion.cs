using System.Reflection;

namespace LocalMcp;

internal static class ProgramVersion
{
    /// <summary>As in Directory.Build.props: 0.1.0.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
