namespace LocalMcp.FakeServer;

/// <summary>A model server for tests: real sockets on 127.0.0.1, scripted answers, and faults on request.</summary>
public sealed class FakeModelServer : IAsyncDisposable
{
    private readonly ServerState _state = new();
    private LoopbackHost _host = null!;
    private volatile FakeOptions _options;

    private FakeModelServer(FakeOptions options)
    {
        _options = options;
        _state.Begin(options, before: null);
    }

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl => _host.BaseUrl;

    /// <summary>May change while the server runs; a request is answered by the options it found at its arrival.</summary>
    public FakeOptions Options
    {
        get => _options;
        set
        {
            _state.Begin(value, _options);
            _options = value;
        }
    }

    /// <summary>The requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _state.Log.Snapshot();

    /// <param name="options">Null: a friendly server.</param>
    /// <param name="port">0: any free port.</param>
    public static async Task<FakeModelServer> StartAsync(FakeOptions? options = null, int port = 0, CancellationToken cancellationToken = default)
    {
        var server = new FakeModelServer(options ?? new FakeOptions());
        server._host = await LoopbackHost.StartAsync(server._state.Log, port, server.AnswerAsync, cancellationToken);
        return server;
    }

    /// <summary>Completes when a request to such a path has arrived with its body; at once, if one has.</summary>
    public Task<RecordedRequest> WaitForRequestAsync(Func<string, bool> path, CancellationToken cancellationToken = default) =>
        WaitForAsync(request => path(request.Path), 1, cancellationToken);

    /// <inheritdoc cref="WaitForRequestAsync(Func{string, bool}, CancellationToken)"/>
    public Task<RecordedRequest> WaitForRequestAsync(string path, CancellationToken cancellationToken = default) =>
        WaitForAsync(request => request.Path == path, 1, cancellationToken);

    /// <summary>Completes when a client has closed its connection before the response had ended; at once, if one has.</summary>
    public Task<RecordedRequest> WaitForAbortAsync(CancellationToken cancellationToken = default) =>
        WaitForAsync(request => request.Aborted, 1, cancellationToken);

    /// <summary>Completes when a response waits at a gate.</summary>
    public Task<RecordedRequest> WaitForHoldAsync(CancellationToken cancellationToken = default) =>
        WaitForAsync(request => request.Held, 1, cancellationToken);

    /// <summary>Completes when this many requests are such (by path, body, <c>Held</c>, <c>Aborted</c>, <c>Ended</c>) with the last of them.</summary>
    public Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> which, int count = 1, CancellationToken cancellationToken = default) =>
        _state.Log.WaitAsync(which, count, cancellationToken);

    /// <summary>Lets this many responses go on that wait at a gate, or will.</summary>
    public void Release(int responses = 1) => _state.Release(responses);

    /// <summary>Empties <see cref="Requests"/>.</summary>
    public void ForgetRequests() => _state.Log.Clear();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _state.Dispose();
    }

    private Task AnswerAsync(HttpContext http, RecordedRequest request, CancellationToken gone) =>
        Router.AnswerAsync(new Exchange(http, request, _options, _state, gone));
}
