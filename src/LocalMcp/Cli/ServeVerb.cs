using LocalMcp.State;
using LocalMcp.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp serve</c>: MCP over standard input and output, until the client closes the input or sends a signal.</summary>
internal static class ServeVerb
{
    // A client waits about half a second between SIGTERM and SIGKILL.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LastGrace = TimeSpan.FromMilliseconds(800);

    public static async Task<int> RunAsync(UserEnvironment environment)
    {
        // Whatever writes to the console by mistake must not break the protocol. The transport has its own handle on standard output.
        Console.SetOut(Console.Error);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning).AddFilter("ModelContextProtocol", LogLevel.Error);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        builder.Services.AddLocalMcp(environment).AddSingleton<SessionEnd>().AddSingleton<ToolCalls>();
        AddServer(builder.Services).WithStdioServerTransport();
        // In place of the transport just added: the same, with an eye on its input.
        builder.Services.AddSingleton<ITransport>(services => OpenTransport(services.GetRequiredService<ILoggerFactory>()));
        using var host = builder.Build();
        var following = host.Services.GetRequiredService<SessionEnd>().FollowAsync(host.Services.GetRequiredService<ITransport>(), host.Services.GetRequiredService<IHostApplicationLifetime>(), LastGrace);
        await host.RunAsync();
        await following;
        return 0;
    }

    private static StreamServerTransport OpenTransport(ILoggerFactory logs)
    {
        var opened = new TaskCompletionSource<ITransport>();
        var input = new WatchedInput(Console.OpenStandardInput(), async error => await (await opened.Task).SendMessageAsync(error));
        // The protocol's own hold on standard output.
#pragma warning disable RS0030
        var transport = new StreamServerTransport(input, new BufferedStream(Console.OpenStandardOutput()), "local-mcp", logs);
#pragma warning restore RS0030
        opened.SetResult(transport);
        return transport;
    }

    /// <summary>The MCP server without its transport.</summary>
    public static Microsoft.Extensions.DependencyInjection.IMcpServerBuilder AddServer(IServiceCollection services) => services
        .AddMcpServer(server =>
        {
            server.ServerInfo = new Implementation { Name = "local-mcp", Title = "LocalMcp", Version = ProgramVersion.Text };
            server.ServerInstructions = Toolbox.Instructions;
        })
        .WithLocalTools()
        .WithLocalPrompts()
        .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellationToken) => request.Server.Services!.GetRequiredService<ToolCalls>().Guard(next)(request, cancellationToken)));
}
