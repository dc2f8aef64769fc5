using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LocalMcp.Tests.Support;

/// <summary>A client session with the built program over its standard input and output.</summary>
internal sealed class ServerSession : IAsyncDisposable
{
    /// <summary>Protocol versions to run a test with: with the handshake of 2025-11-25, and without one since 2026-07-28.</summary>
    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    private readonly McpClient client;

    private ServerSession(McpClient client) => this.client = client;

    public McpClient Client => client;

    public ConcurrentQueue<string> Progress { get; } = new();

    /// <summary>Starts the program in a home with these variables, and joins it in the given era.</summary>
    public static Task<ServerSession> StartAsync(TemporaryHome home, string era, Func<ElicitRequestParams?, ElicitResult>? choose = null, params (string Name, string Value)[] variables) =>
        StartAsync(home, era, choose, null, variables);

    /// <summary>The same for a client that names its roots, as folders.</summary>
    public static Task<ServerSession> StartWithRootsAsync(TemporaryHome home, string era, string[] roots, params (string Name, string Value)[] variables) =>
        StartAsync(home, era, null, roots, variables);

    private static async Task<ServerSession> StartAsync(TemporaryHome home, string era, Func<ElicitRequestParams?, ElicitResult>? choose, string[]? roots, (string Name, string Value)[] variables)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Repository.Program,
            Arguments = ["serve"],
            InheritEnvironmentVariables = false,
            EnvironmentVariables = home.Variables([("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), .. variables]),
            WorkingDirectory = home.Folder,
        });
        // The client takes a server that is slow to start, on a machine with much to do, for one of the older era after 5 s.
        var options = new McpClientOptions { ProtocolVersion = era, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan };
        if (choose is not null)
            options.Handlers.ElicitationHandler = (question, _) => ValueTask.FromResult(choose(question));
#pragma warning disable MCP9005 // On its way out of the protocol, and in every client of today.
        if (roots is not null)
            options.Handlers.RootsHandler = (_, _) => ValueTask.FromResult(new ListRootsResult { Roots = [.. roots.Select(root => new Root { Uri = new Uri(root).AbsoluteUri })] });
#pragma warning restore MCP9005
        return new ServerSession(await McpClient.CreateAsync(transport, options));
    }

    /// <summary>Calls a tool, and returns the text of its content, as a model reads it.</summary>
    public async Task<(string Text, bool IsError)> CallAsync(string tool, object? arguments = null, CancellationToken cancellationToken = default)
    {
        var result = await client.CallToolAsync(tool, Arguments(arguments), new Reporter(Progress), cancellationToken: cancellationToken);
        Assert.Null(result.StructuredContent);
        return (string.Join('\n', result.Content.Select(block => Assert.IsType<TextContentBlock>(block).Text)), result.IsError is true);
    }

    public async Task<string> TextAsync(string tool, object? arguments = null)
    {
        var (text, isError) = await CallAsync(tool, arguments);
        Assert.False(isError, text);
        return text;
    }

    public async Task<string> ErrorAsync(string tool, object? arguments = null)
    {
        var (text, isError) = await CallAsync(tool, arguments);
        Assert.True(isError, text);
        return text;
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static Dictionary<string, object?> Arguments(object? arguments) =>
        JsonSerializer.SerializeToElement(arguments ?? new { }).EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value);

    private sealed class Reporter(ConcurrentQueue<string> heard) : IProgress<ModelContextProtocol.ProgressNotificationValue>
    {
        public void Report(ModelContextProtocol.ProgressNotificationValue value) => heard.Enqueue(value.Message ?? "");
    }
}
