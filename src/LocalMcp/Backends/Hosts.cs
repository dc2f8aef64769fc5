using System.Net;
using System.Net.Sockets;

namespace LocalMcp.Backends;

/// <summary>
/// Whose machine a URL leads to. It is judged by what is written, never by a look-up: a name that merely resolves to loopback is another host, since
/// whoever answers the look-up decides where it leads.
/// </summary>
internal static class Hosts
{
    private const int LongestName = 253;

    /// <summary>Whether this is the machine we run on: 127.0.0.0/8, ::1, localhost and the names below it (RFC 6761, 6.3).</summary>
    public static bool IsHere(Uri url) => Address(Name(url)) is { } address ? IPAddress.IsLoopback(address) : IsLocalhost(Name(url));

    /// <summary>Whether the URL's host is one of these: names without regard to case and a dot at the end, addresses in any spelling. No patterns, no networks.</summary>
    public static bool IsAmong(Uri url, IEnumerable<string> hosts) => hosts.Any(host => Same(Name(url), Plain(host)));

    /// <summary>Why no host can be called so; null where one can.</summary>
    public static string? Trouble(string host) =>
        Address(Plain(host)) is not null || IsName(Plain(host)) ? null : $"\"{host}\" is not a host; it expects names and addresses alone, like studio.local or 192.168.1.7, without scheme, port, path or pattern";

    /// <summary>The host as a user would write it into a list of hosts.</summary>
    public static string Name(Uri url) => Plain(url.IdnHost);

    /// <summary>A connection to a port of this machine by the name localhost, without a look-up of that name.</summary>
    /// <exception cref="SocketException">Nobody listens, neither on IPv4 nor on IPv6.</exception>
    public static async ValueTask<Stream> ConnectHereAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        }
        catch (SocketException refused)
        {
            try
            {
                return await ConnectAsync(IPAddress.IPv6Loopback, port, cancellationToken);
            }
            catch (SocketException)
            {
                // The first one tells more: the machine may have no IPv6 at all.
                throw refused;
            }
        }
    }

    /// <summary>Whether the host is a name, which a connection would have to look up.</summary>
    public static bool IsNamed(Uri url) => Address(Name(url)) is null;

    private static async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Same(string one, string other) => (Address(one), Address(other)) switch
    {
        ({ } address, { } wanted) => address.GetAddressBytes().AsSpan().SequenceEqual(wanted.GetAddressBytes()) && (Zone(wanted) == 0 || Zone(wanted) == Zone(address)),
        (null, null) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static long Zone(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;

    // An IPv4 address in the clothes of IPv6 leads where the IPv4 address leads.
    private static IPAddress? Address(string host) => IPAddress.TryParse(host, out var address) ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : null;

    private static bool IsLocalhost(string name) => name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'));

    // An address with a dot at its end is none any more, but a name that would be looked up.
    private static string Plain(string host)
    {
        var bare = host is ['[', .. var inside, ']'] ? inside : host;
        return bare is [.. var name, '.'] && Address(name) is null ? name : bare;
    }
}
