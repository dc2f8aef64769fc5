using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using LocalMcp.Chat;
using LocalMcp.Chat.Budget;
using LocalMcp.State;

namespace LocalMcp.Backends;

/// <summary>
/// HTTP to one model server: no proxy, no redirects, no cookies, no clock but ours. Whatever goes wrong below becomes a
/// <see cref="BackendException"/> that names the server, the cause and the next step; the caller's cancellation stays a cancellation.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private const int LargestListing = 16 * 1024 * 1024;
    private static readonly TimeSpan LoadingPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause that a server can ask for with Retry-After.</summary>
    private static readonly TimeSpan LongestPauseAsked = TimeSpan.FromSeconds(30);

    private readonly HttpClient client;
    private readonly TimeSpan connect;
    private readonly Limits limits;
    private readonly TimeProvider clock;
    private readonly string howToStart;
    private readonly KeyRedaction key;
    private readonly bool mayRestart;

    /// <param name="label">How errors call the server: <c>Ollama at http://127.0.0.1:11434</c>.</param>
    /// <param name="root">Everything is asked below this address.</param>
    /// <param name="howToStart">The next step when nobody listens.</param>
    /// <param name="apiKey">Sent as a bearer token where not empty.</param>
    /// <param name="socket">Path of a Unix socket to connect to instead of the address's host, or null.</param>
    /// <param name="connect">How long opening a connection may take; null means the limit of the settings.</param>
    /// <param name="elsewhere">Whether the address may be that of another machine. Without it a connection there fails: <see cref="Endpoint.Connect"/> asks the settings.</param>
    public ServerConnection(string label, Uri root, string howToStart, string apiKey, Limits limits, TimeProvider clock, string? socket = null, TimeSpan? connect = null, bool elsewhere = false)
    {
        Label = label;
        this.limits = limits;
        this.clock = clock;
        this.howToStart = howToStart;
        key = new KeyRedaction(apiKey);
        mayRestart = socket is null;
        this.connect = connect ?? limits.Connect;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = this.connect,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            // A response that is given up closes its connection at once: for the server that is the cancel.
            ResponseDrainTimeout = TimeSpan.Zero,
        };
        if (socket is not null)
            handler.ConnectCallback = (_, cancellationToken) => Unix.ConnectAsync(socket, cancellationToken);
        else if (!Hosts.IsHere(root) && !elsewhere)
            handler.ConnectCallback = (there, _) => throw new IOException($"{there.DnsEndPoint.Host} is not this machine");
        else if (Hosts.IsHere(root) && Hosts.IsNamed(root))
            handler.ConnectCallback = (there, cancellationToken) => Hosts.ConnectHereAsync(there.DnsEndPoint.Port, cancellationToken);
        client = new HttpClient(handler) { BaseAddress = root, Timeout = Timeout.InfiniteTimeSpan };
        if (apiKey.Length > 0)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public string Label { get; }

    /// <summary>The whole answer to a GET, as text.</summary>
    public async Task<ServerReply> GetAsync(string path, CancellationToken cancellationToken) =>
        await AskAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>The whole answer to a POST with a JSON body, as text.</summary>
    public async Task<ServerReply> PostAsync(string path, byte[] json, CancellationToken cancellationToken) =>
        await AskAsync(Post(path, json), cancellationToken);

    /// <summary>
    /// Posts a chat. While the server answers 503 (it loads, or its queue is full) the post is tried again, with a sign of life each
    /// time, up to the load limit. Once it has answered so, a connection that it refuses, or breaks before any header, is its restart, and waited out
    /// as well; every other failure ends it. The last step carries the response, whatever its status; the caller disposes it.
    /// </summary>
    public async IAsyncEnumerable<Opening> OpenAsync(string path, byte[] json, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        NotReady? before = null;
        for (var tries = 0; ; tries++)
        {
            var (response, state) = await PostAsync(path, json, before, cancellationToken);
            if (response is not null)
            {
                yield return new Opening(response, null);
                yield break;
            }
            before = state!;
            var left = limits.Load - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw new BackendException(BackendFailure.Loading, $"{Label} is still {before.State} after {limits.LoadMinutes} min (\"{before.Why}\"). Ask again later, or raise limits.load_minutes in settings.json.");
            yield return new Opening(null, new ChatDelta.Progress($"{Label} is {before.State} ({before.Why})"));
            await Task.Delay(before.Pause(tries, left), clock, cancellationToken);
        }
    }

    // The response, or why there is none yet.
    private async Task<(HttpResponseMessage? Response, NotReady? State)> PostAsync(string path, byte[] json, NotReady? before, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await GuardAsync(() => client.SendAsync(Chat(path, json), HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        }
        catch (BackendException gone) when (before is not null && mayRestart && IsRestart(gone))
        {
            return (null, new NotReady("not ready", $"it has said \"{before.Said}\", and takes no connection now", before.Said, null));
        }
        if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            return (response, null);
        using (response)
        {
            var said = await SaidAsync(response, cancellationToken) is { Length: > 0 } words ? words : "503";
            return (null, new NotReady(ServerWords.IsBusy(said) ? "busy" : "not ready", said, said, RetryAfter(response)));
        }
    }

    // The status has said what counts, also where the server goes down in the middle of its words.
    private async Task<string> SaidAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return WordsOf((await ReadAsync(response, cancellationToken)).Body);
        }
        catch (BackendException)
        {
            return "";
        }
    }

    // Refused, or broken off before the headers: what else there is (no such host, no answer in time, no HTTP) is no restart.
    private static bool IsRestart(BackendException failed) =>
        failed.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
        || Socket(failed.InnerException?.GetBaseException()) is { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.Shutdown };

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    /// <summary>The items of a stream that comes from this server, with its failures put into words.</summary>
    public async IAsyncEnumerable<T> Guard<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var enumerator = items.GetAsyncEnumerator(cancellationToken);
        while (await GuardAsync(async () => await enumerator.MoveNextAsync(), cancellationToken))
            yield return enumerator.Current;
    }

    /// <summary>The error for an answer with a status that is not a success.</summary>
    public BackendException Refusal(HttpStatusCode status, string body)
    {
        var words = WordsOf(body);
        return status switch
        {
            HttpStatusCode.Unauthorized => new(BackendFailure.Unauthorized, $"{Label} asks for an API key (401{Quote(words)}). Set LOCAL_MCP_API_KEY, or api_key of this server in settings.json."),
            HttpStatusCode.Forbidden => new(BackendFailure.Unauthorized, $"{Label} refuses access (403{Quote(words)}). Check its key and its access settings."),
            HttpStatusCode.ServiceUnavailable => new(BackendFailure.Loading, $"{Label} is loading (503{Quote(words)}). Ask again in a moment.") { Brief = $"{Label} is loading (503{Quote(words)})" },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(BackendFailure.Refused, $"{Label} answered with a redirect ({(int)status}), which is not followed. Name the final URL in LOCAL_MCP_URL or settings.json."),
            _ when ServerWords.Overflow(body) is { } overflow => PromptBudget.Refusal(overflow, overflow.Prompt is null ? $"{Label} says that the prompt is too long for the context{Quote(words)}. Send less, or raise the server's context length." : null),
            _ => new(BackendFailure.Refused, $"{Label} answered {(int)status}{Quote(words)}. {NextStep(status, words)}"),
        };
    }

    /// <summary>The error for an answer that is not what such a server says.</summary>
    public BackendException Unintelligible(string what, string body)
    {
        var html = body.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal);
        var seen = html ? "an HTML page" : body.Length == 0 ? "nothing" : $"\"{Words(body)}\"";
        return new(BackendFailure.Unintelligible, $"{Label} sent {seen} where {what} was expected. Check that the URL is that of a model server's API (for example http://127.0.0.1:8080/v1), and that the server is up to date.");
    }

    /// <summary>Words of this server as they can be shown: one line of at most 300 characters, without control characters and without the key that it was sent.</summary>
    public string Words(string text) => ServerWords.Shorten(key.Hide(text));

    /// <summary>The sentence in an error body, as <see cref="ServerWords.From"/> finds it, fit to be shown.</summary>
    public string WordsOf(string body) => key.Hide(ServerWords.From(key.Hide(body)));

    public void Dispose() => client.Dispose();

    private async Task<ServerReply> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await GuardAsync(() => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>The body of a response as text, 16 MiB at most.</summary>
    public async Task<ServerReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await GuardAsync(
            async () =>
            {
                // Decoded here, whatever charset the header claims: JSON is UTF-8.
                await response.Content.LoadIntoBufferAsync(LargestListing, cancellationToken);
                return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).TrimStart('\uFEFF');
            },
            cancellationToken);
        return new ServerReply(response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", body);
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Broken(failed);
        }
        catch (InvalidDataException endless)
        {
            throw new BackendException(BackendFailure.Unintelligible, $"{Label} sent a line without end. Check that the URL is that of a model server's API.", endless);
        }
        catch (OperationCanceledException failed) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"it took no connection within {connect.TotalSeconds:0.#} s{(connect == limits.Connect ? " (limits.connect_seconds in settings.json)" : "")}", failed);
        }
    }

    private BackendException Broken(Exception failed)
    {
        var socket = Socket(failed);
        if (failed is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
            return Unreachable(Cause(socket, failed), failed);
        return failed is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
            ? new BackendException(BackendFailure.Unintelligible, $"{Label} sent far more than such an answer can hold. Check that the URL is that of a model server's API.", failed)
            : new BackendException(BackendFailure.Dropped, $"{Label} closed the connection ({Cause(socket, failed)}). Ask again; if it happens again, look at the server's own log.", failed);
    }

    private BackendException Unreachable(string cause, Exception failed) =>
        new(BackendFailure.Unreachable, $"{Label}: {cause}. {howToStart}.", failed) { Brief = $"{Label}: {cause}" };

    private static SocketException? Socket(Exception? failed) => failed as SocketException ?? failed?.InnerException as SocketException;

    private string Cause(SocketException? socket, Exception failed) => socket?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "no such host",
        SocketError.TimedOut => "timed out",
        { } other => other.ToString(),
        null when failed is HttpIOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "it ended before the answer did",
        null => Words(failed.GetBaseException().Message).TrimEnd('.'),
    };

    private static string NextStep(HttpStatusCode status, string words) => status switch
    {
        _ when words.Contains("context length", StringComparison.OrdinalIgnoreCase) || words.Contains("context size", StringComparison.OrdinalIgnoreCase) => "Send less, or raise the server's context length.",
        HttpStatusCode.NotFound => "Check the URL: chats go to /v1/chat/completions, or to /api/chat of Ollama.",
        >= HttpStatusCode.InternalServerError => "Look at the server's own log, or try another model with set_model.",
        _ => "Mend what it names, or try another model with set_model.",
    };

    private static string Quote(string words) => words.Length == 0 ? "" : $": \"{words}\"";

    // On a connection of its own. llama-server says that it keeps the connection of a stream, and closes it right after its end: a chat that was sent
    // on it meanwhile would be lost.
    private static HttpRequestMessage Chat(string path, byte[] json)
    {
        var request = Post(path, json);
        request.Headers.ConnectionClose = true;
        return request;
    }

    private static HttpRequestMessage Post(string path, byte[] json) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    /// <summary>A server that has to be waited for.</summary>
    /// <param name="State">Busy, or not ready.</param>
    /// <param name="Why">In its words, or in ours where it says nothing any more.</param>
    /// <param name="Said">Its last words.</param>
    /// <param name="Asked">The pause that it asked for.</param>
    private sealed record NotReady(string State, string Why, string Said, TimeSpan? Asked)
    {
        public TimeSpan Pause(int tries, TimeSpan left)
        {
            var pause = Asked is { } asked
                ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, LoadingPause.Ticks, LongestPauseAsked.Ticks))
                : TimeSpan.FromTicks(Math.Min(LoadingPause.Ticks << Math.Min(tries, 8), LongestPause.Ticks));
            return pause < left ? pause : left;
        }
    }
}

/// <summary>A whole answer of a server.</summary>
internal sealed record ServerReply(HttpStatusCode Status, string MediaType, string Body)
{
    public bool Succeeded => (int)Status is >= 200 and < 300;
}

/// <summary>A step of opening a chat: either a sign of life or the response.</summary>
internal readonly record struct Opening(HttpResponseMessage? Response, ChatDelta? Waiting);
