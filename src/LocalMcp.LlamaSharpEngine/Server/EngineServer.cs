using System.Net.Sockets;
using LocalMcp.LlamaSharpEngine.Cli;
using LocalMcp.LlamaSharpEngine.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalMcp.LlamaSharpEngine.Server;

/// <summary>HTTP on the Unix socket, which is there before loading begins.</summary>
internal static class EngineServer
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Serves until a signal comes, and returns the exit code.</summary>
    /// <exception cref="LoadException">The model cannot be served.</exception>
    public static async Task<int> RunAsync(EngineOptions options, TimeProvider clock)
    {
        using var engine = new Engine(options, clock);
        await using var server = Build(engine);
        try
        {
            await server.StartAsync();
            await engine.LoadAsync();
        }
        catch (IOException taken)
        {
            Console.Error.WriteLine($"error: {options.Socket} cannot be listened on: {taken.Message} Remove what is there, or name another path with --host.");
            return 1;
        }
        catch (SocketException refused)
        {
            Console.Error.WriteLine($"error: {options.Socket} cannot be listened on: {refused.Message}. Name a path in a folder that can be written with --host.");
            return 1;
        }
        await server.WaitForShutdownAsync();
        return 0;
    }

    // The empty builder reads no settings files: the current folder may be anybody's.
    private static WebApplication Build(Engine engine)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(engine.Options.Socket);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        var server = builder.Build();
        server.Run(context => AnswerAsync(engine, context));
        return server;
    }

    private static async Task AnswerAsync(Engine engine, HttpContext context)
    {
        try
        {
            await RouteAsync(engine, context);
        }
        catch (RequestException refused)
        {
            await Replies.WriteAsync(context, refused.Error.Code, ErrorWire.Body(refused.Error), EngineJson.Default.ErrorReply);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is listening any more.
        }
    }

    private static Task RouteAsync(Engine engine, HttpContext context) => (context.Request.Method, context.Request.Path.Value, engine.Ready) switch
    {
        (_, _, null) => Replies.WriteAsync(context, 503, ErrorWire.Loading(engine.Progress), EngineJson.Default.ErrorReply),
        ("GET", "/health" or "/v1/health", _) => Replies.WriteAsync(context, 200, new HealthReply("ok"), EngineJson.Default.HealthReply),
        ("GET", "/props", { } ready) => Replies.WriteAsync(context, 200, FactsWire.Props(engine.Options, ready), EngineJson.Default.PropsReply),
        ("GET", "/v1/models" or "/models", { } ready) => Replies.WriteAsync(context, 200, FactsWire.Models(engine.Options, ready), EngineJson.Default.ModelsReply),
        ("POST", "/v1/chat/completions" or "/chat/completions", { } ready) => ChatEndpoint.AnswerAsync(ready, engine.Options.Alias, engine.Clock, context),
        _ => throw new RequestException(new RequestError(404, "not_found_error", $"There is no {context.Request.Method} {context.Request.Path} here. There are GET /health, /props and /v1/models, and POST /v1/chat/completions.")),
    };
}
