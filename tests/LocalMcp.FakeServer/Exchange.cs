using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>One request on its way to an answer. The options are those of its arrival.</summary>
internal sealed class Exchange(HttpContext http, RecordedRequest request, FakeOptions options, ServerState state, CancellationToken gone)
{
    public HttpContext Http { get; } = http;

    public RecordedRequest Request { get; } = request;

    public FakeOptions Options { get; } = options;

    public ServerState State { get; } = state;

    /// <summary>The client left, or the server closes.</summary>
    public CancellationToken Gone { get; } = gone;

    public ServerKind Kind => Options.Kind;

    public string Method => Request.Method;

    public string Path => Request.Path;

    public JsonObject? Body { get; } = request.Json() as JsonObject;

    public bool IsChat => Path is "/v1/chat/completions" or "/api/chat" or "/api/generate";

    /// <summary>Whether the whole-answer faults are for this request.</summary>
    public bool IsFaulty => Options.FaultsOn.HasFlag(IsChat ? FaultScope.Chat : FaultScope.Listings);

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    public string NowText => Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public Task HoldAsync() => State.HoldAsync(Request, Gone);

    public Task DelayAsync(TimeSpan delay) => delay > TimeSpan.Zero ? Task.Delay(delay, Options.Time, Gone) : Task.CompletedTask;

    public Task PaceAsync(int tokens = 1) =>
        Options.TokensPerSecond > 0 ? DelayAsync(TimeSpan.FromSeconds(tokens / Options.TokensPerSecond)) : Task.CompletedTask;

    /// <summary>Resets the connection.</summary>
    public void Drop()
    {
        State.Log.Ended(Request);
        Http.Abort();
    }
}
