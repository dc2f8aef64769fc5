using System.Net;

namespace LocalMcp.FakeServer;

/// <summary>Answers a request; <paramref name="gone"/> ends when the client leaves or the server closes.</summary>
internal delegate Task Handler(HttpContext http, RecordedRequest request, CancellationToken gone);

/// <summary>Kestrel on 127.0.0.1 with a log of requests: what a fake and a replay have in common.</summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestLog _log;
    private readonly CancellationTokenSource _closing = new();

    private LoopbackHost(WebApplication app, RequestLog log)
    {
        _app = app;
        _log = log;
    }

    public string BaseUrl => _app.Urls.Single();

    public static async Task<LoopbackHost> StartAsync(RequestLog log, int port, Handler handler, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });

        // The host's own lifetime would take SIGTERM and Ctrl+C away from the process that the server lives in.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        // A flush ends when the socket has taken the bytes, so that what was sent before a drop arrives.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 1);
        var host = new LoopbackHost(builder.Build(), log);
        host._app.Run(http => host.HandleAsync(http, handler));
        await host._app.StartAsync(cancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.StopAsync(TimeSpan.FromSeconds(2));
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private async Task HandleAsync(HttpContext http, Handler handler)
    {
        var request = await ReadAsync(http.Request);
        _log.Add(request);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _closing.Token);
        using var leaving = http.RequestAborted.Register(() => _log.ClientLeft(request));
        try
        {
            await handler(http, request, gone.Token);
        }
        catch (Exception e) when ((gone.IsCancellationRequested || http.Response.HasStarted) && e is OperationCanceledException or IOException)
        {
            // A write can fail before the token says that the client has left.
            if (!_closing.IsCancellationRequested)
                _log.ClientLeft(request);
            http.Abort();
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            // A mistake of the fake itself, or of an AnswerTo function: say it where the test can see it.
            http.Response.StatusCode = 500;
            await http.Response.WriteAsync($"The fake server failed: {e}");
        }
        finally
        {
            _log.Ended(request);
        }
    }

    private static async Task<RecordedRequest> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return new RecordedRequest
        {
            Method = request.Method,
            Path = request.Path.Value ?? "",
            Query = request.QueryString.Value ?? "",
            Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted),
        };
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
