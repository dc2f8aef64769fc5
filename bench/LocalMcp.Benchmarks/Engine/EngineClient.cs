using System.Diagnostics;
using LocalMcp.Backends;
using LocalMcp.Backends.OpenAi;
using LocalMcp.Chat;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>Straight to a llama-server: the same request as the program sends, and no more done with the answer than to read it.</summary>
internal sealed class EngineClient(string socket) : IDisposable
{
    private const string Data = "data: ";

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancellationToken) => Unix.ConnectAsync(socket, cancellationToken) })
    {
        BaseAddress = new Uri("http://engine/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

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
        var began = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new ByteArrayContent(OpenAiWire.Body(ServerKind.LlamaServer, question.Model, question)) };
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
