using System.Runtime.InteropServices;
using LocalMcp.Prompts;
using LocalMcp.State;
using LocalMcp.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LocalMcp.Cli;

/// <summary>
/// <c>local-mcp serve</c>: MCP over standard input and output, until the client closes the input or sends a signal. There is no generic host:
/// it would take a good part of the time until the first answer, for a process that every session starts anew.
/// </summary>
internal static class ServeVerb
{
    // A client waits about half a second between SIGTERM and SIGKILL.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LastGrace = TimeSpan.FromMilliseconds(800);

    public static async Task<int> RunAsync(UserEnvironment environment)
    {
        // Whatever writes to the console by mistake must not break the protocol. The transport has its own handle on standard output.
        Console.SetOut(Console.Error);
        using var session = new SessionEnd();
        using var interrupt = EndOn(PosixSignal.SIGINT, session);
        using var quit = EndOn(PosixSignal.SIGQUIT, session);
        using var terminate = EndOn(PosixSignal.SIGTERM, session);
        using var logs = new StandardErrorLogs();
        // Nothing of ours is made before it is called for.
        var services = new Lazy<ServiceProvider>(() => new ServiceCollection().AddLocalMcp(environment).AddSingleton(session).AddSingleton<SwitchModelPrompt>().BuildServiceProvider());
        await using var transport = OpenTransport(logs);
        await using var server = McpServer.Create(transport, Options(session, services), logs);
        await ServeAsync(server, transport, session);
        if (services.IsValueCreated)
            await services.Value.DisposeAsync();
        return 0;
    }

    private static async Task ServeAsync(McpServer server, StreamServerTransport transport, SessionEnd session)
    {
        var serving = server.RunAsync(session.Ended);
        await session.FollowAsync(transport, serving, LastGrace);
        await Task.WhenAny(serving, Task.Delay(Grace, TimeProvider.System));
    }

    private static PosixSignalRegistration EndOn(PosixSignal signal, SessionEnd session) => PosixSignalRegistration.Create(signal, received =>
    {
        received.Cancel = true;
        _ = session.EndAsync(LastGrace);
    });

    private static StreamServerTransport OpenTransport(StandardErrorLogs logs)
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

    private static McpServerOptions Options(SessionEnd session, Lazy<ServiceProvider> services)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "local-mcp", Title = "LocalMcp", Version = ProgramVersion.Text },
            ServerInstructions = Toolbox.Instructions,
            ToolCollection = Toolbox.Tools(() => services.Value),
            PromptCollection = Toolbox.Prompts(() => services.Value),
        };
        var calls = new ToolCalls(session);
        options.Filters.Request.CallToolFilters.Add(calls.Guard);
        options.Filters.Request.GetPromptFilters.Add(calls.GuardPrompt);
        return options;
    }
}
