using System.Net;
using System.Net.Sockets;

namespace LocalMcp.Tests.Support;

/// <summary>An address on this machine where nobody listens.</summary>
internal static class ClosedPort
{
    public static string Url()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return $"http://127.0.0.1:{port}";
    }
}
