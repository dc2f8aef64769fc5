using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using LocalMcp.Backends;
using LocalMcp.State;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>A connection to a server that is not there: what it would send comes from a function. For all that the product knows, it is the network.</summary>
internal static class Wire
{
    /// <param name="reply">What is answered to a request's path.</param>
    public static ServerConnection To(Func<string, HttpResponseMessage> reply)
    {
        var connection = new ServerConnection("The server", Root, "Start it", "", new Limits(), TimeProvider.System);
        ref var client = ref Client(connection);
        client.Dispose();
        client = new HttpClient(new Played(reply)) { BaseAddress = Root, Timeout = Timeout.InfiniteTimeSpan };
        return connection;
    }

    public static Uri Root { get; } = new("http://127.0.0.1:9/v1/");

    public static HttpResponseMessage Reply(byte[] body, string type, Func<int>? cuts = null) => new(HttpStatusCode.OK)
    {
        Content = new StreamContent(new CutStream(body, cuts)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
    };

    public static HttpResponseMessage Nothing() => new(HttpStatusCode.NotFound) { Content = new StringContent("") };

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "client")]
    private static extern ref HttpClient Client(ServerConnection connection);

    private sealed class Played(Func<string, HttpResponseMessage> reply) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(reply(request.RequestUri!.AbsolutePath));
    }
}
