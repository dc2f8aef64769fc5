using System.Globalization;
using System.Net;

namespace LocalMcp.Tests.Support;

/// <summary>
/// Everything that a run of the built program asks of the network: connection attempts and names that it looks up, as .NET itself reports them. A trimmed
/// program has that taken out.
/// </summary>
internal sealed class NetworkWatch(TemporaryHome home)
{
    private readonly string file = Path.Combine(home.Folder, $"network-{Guid.NewGuid():N}.txt");

    /// <summary>For the environment of the program.</summary>
    public (string Name, string Value)[] Variables
    {
        get
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("LOCAL_MCP_PROGRAM") is not null, "The installed program has no startup hooks.");
            return [("DOTNET_STARTUP_HOOKS", typeof(NetworkWatch).Assembly.Location), (StartupHook.FileVariable, file)];
        }
    }

    /// <summary>What was asked for so far, each once: <c>127.0.0.1:11434</c>, <c>name studio.local</c>, <c>socket</c> for one of the file system.</summary>
    public IReadOnlyList<string> Asked() => [.. (File.Exists(file) ? File.ReadAllLines(file) : []).Select(Read).Distinct().Order(StringComparer.Ordinal)];

    private static string Read(string line) => line.Split(' ', 2) switch
    {
        ["ResolutionStart", var name] => $"name {name}",
        ["ConnectStart", var address] when address.StartsWith("InterNetwork", StringComparison.Ordinal) => Address(address),
        ["ConnectStart", var address] when address.StartsWith("Unix", StringComparison.Ordinal) => "socket",
        _ => line,
    };

    // InterNetwork:16:{port, port, address …}; InterNetworkV6:28:{port, port, four of flow, address …}.
    private static string Address(string address)
    {
        var bytes = address[(address.IndexOf('{', StringComparison.Ordinal) + 1)..].TrimEnd('}').Split(',').Select(part => byte.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var ip = new IPAddress(address.StartsWith("InterNetworkV6", StringComparison.Ordinal) ? bytes[6..22] : bytes[2..6]);
        return $"{(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)}:{(bytes[0] << 8) | bytes[1]}";
    }
}
