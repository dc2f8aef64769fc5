using System.Diagnostics;
using LocalMcp.Backends;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>Straight to a llama-server: the same request as the program sends, and no more done with the answer than to read it.</summary>
internal sealed class EngineClient : IDisposable
{
    private const string Data = "data: ";

    private readonly HttpClient client;
    private readonly ServerKind kind;

    /// <summary>Over the socket of an engine.</summary>
    public EngineClient(string socket)
        : this(new Uri("http://engine/"), ServerKind.LlamaServer, new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancellationToken) => Unix.ConnectAsync(socket, cancellationToken) })
    {
    }

    /// <summary>Over TCP, to a server of this kind.</summary>
    public EngineClient(Uri server, ServerKind kind)
        : this(server, kind, new SocketsHttpHandler { UseProxy = false })
    {
    }

    private EngineClient(Uri server, ServerKind kind, SocketsHttpHandler handler) =>
        (client, this.kind) = (new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan }, kind);

    /// <summary>Whether it has its model.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var health = await client.GetAsync("health", cancellationToken);
            return health.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <exception cref="HttpRequestException">It refused.</exception>
    public async Task<Answer> AskAsync(ChatRequest question, CancellationToken cancellationToken)
    {
        var body = OpenAiWire.Body(kind, question.Model, question);
        var began = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        // llama-server ends the connection after each stream, though it promises to keep it: who used it again would lose the race now and then.
        request.Headers.ConnectionClose = true;
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var (tokens, firstToken) = ((double?)null, (TimeSpan?)null);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (firstToken is null && line.Contains("\"content\":\"", StringComparison.Ordinal))
                firstToken = Stopwatch.GetElapsedTime(began);
            if (line.Contains("\"completion_tokens\"", StringComparison.Ordinal))
                tokens = OpenAiWire.Counts(OpenAiWire.Parse(line[Data.Length..])?.Usage)?.CompletionTokens;
        }
        return new Answer((int)(tokens ?? throw new InvalidOperationException("The engine has not said how many tokens it gave.")), Stopwatch.GetElapsedTime(began), firstToken);
    }

    public void Dispose() => client.Dispose();
}
