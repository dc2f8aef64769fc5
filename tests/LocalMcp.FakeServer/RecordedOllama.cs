using System.Text;

namespace LocalMcp.FakeServer;

/// <summary>
/// Replays recorded exchanges: files with request (method, path, body) and response (status, headers, lines), served as recorded but without the waiting.
/// </summary>
public sealed class RecordedOllama : IAsyncDisposable
{
    // Those of the connection are its own business.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase) { "Date", "Content-Length", "Transfer-Encoding", "Connection" };

    private readonly RequestLog _log = new();
    private readonly IReadOnlyList<Recording> _recordings;
    private readonly HashSet<Recording> _served = [];
    private readonly Lock _lock = new();
    private LoopbackHost _host = null!;

    private RecordedOllama(IReadOnlyList<Recording> recordings) => _recordings = recordings;

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl => _host.BaseUrl;

    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <param name="filesOrFolders">Recordings, served in this order where a request fits several; a folder gives its *.json by name.</param>
    public static async Task<RecordedOllama> StartAsync(params IEnumerable<string> filesOrFolders)
    {
        var files = filesOrFolders.SelectMany(Files);
        var server = new RecordedOllama([.. files.Select(Recording.Read)]);
        server._host = await LoopbackHost.StartAsync(server._log, 0, server.AnswerAsync, CancellationToken.None);
        return server;
    }

    /// <inheritdoc cref="FakeModelServer.WaitForAsync"/>
    public Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> which, int count = 1, CancellationToken cancellationToken = default) =>
        _log.WaitAsync(which, count, cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal) : [path];

    private async Task AnswerAsync(HttpContext http, RecordedRequest request, CancellationToken gone)
    {
        if (Choose(request) is not { } recording)
        {
            http.Response.StatusCode = 501;
            var known = string.Join(", ", _recordings.Select(one => $"{one.Method} {one.Path}").Distinct());
            await http.Response.WriteAsync($"There is no recording of {request}. There are: {known}.", gone);
            return;
        }

        http.Response.StatusCode = recording.Status;
        foreach (var (name, value) in recording.Headers.Where(header => !OwnHeaders.Contains(header.Key)))
            http.Response.Headers[name] = value;
        foreach (var piece in recording.Pieces())
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(piece), gone);
            await http.Response.Body.FlushAsync(gone);
        }
    }

    /// <summary>Of those for method and path the ones nearest to the request; of these one after the other, and the last for good.</summary>
    private Recording? Choose(RecordedRequest request)
    {
        var asked = request.Json();
        lock (_lock)
        {
            var nearest = _recordings
                .Where(recording => recording.Method == request.Method && recording.Path == request.Path)
                .GroupBy(recording => recording.Nearness(asked))
                .MaxBy(group => group.Key)?.ToList();
            var chosen = nearest?.Find(recording => !_served.Contains(recording)) ?? nearest?[^1];
            if (chosen is not null)
                _served.Add(chosen);
            return chosen;
        }
    }
}
