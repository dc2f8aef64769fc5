using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalMcp.FakeServer;

/// <summary>A Hugging Face for tests: lists repositories and sends their files as the real one does, on 127.0.0.1, with faults on request. Also its own content server, below <c>/cdn/</c>.</summary>
public sealed class FakeHub : IAsyncDisposable
{
    private readonly RequestLog _log = new();
    private readonly SemaphoreSlim _gate = new(0);
    private LoopbackHost _host = null!;
    private volatile HubOptions _options;
    private int _drops;
    private int _refusals;

    private FakeHub(HubOptions options) => _options = options;

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl => _host.BaseUrl;

    /// <summary>May change while the server runs.</summary>
    public HubOptions Options
    {
        get => _options;
        set => (_drops, _refusals, _options) = (0, 0, value);
    }

    /// <summary>The requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <summary>The requests that were for a whole file or all the rest of one.</summary>
    public IReadOnlyList<RecordedRequest> Downloads => [.. Requests.Where(IsDownload)];

    public static async Task<FakeHub> StartAsync(HubOptions options, CancellationToken cancellationToken = default)
    {
        var hub = new FakeHub(options);
        hub._host = await LoopbackHost.StartAsync(hub._log, 0, hub.AnswerAsync, cancellationToken);
        return hub;
    }

    public static bool IsDownload(RecordedRequest request) => IsFile(request.Path) && (!request.Headers.TryGetValue("Range", out var range) || range.EndsWith('-'));

    public Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> which, int count = 1, CancellationToken cancellationToken = default) => _log.WaitAsync(which, count, cancellationToken);

    /// <summary>Lets this many downloads go on that wait, or will.</summary>
    public void Release(int downloads = 1) => _gate.Release(downloads);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _gate.Dispose();
    }

    private static bool IsFile(string path) => path.Contains("/resolve/", StringComparison.Ordinal) || path.StartsWith("/cdn/", StringComparison.Ordinal);

    private Task AnswerAsync(HttpContext http, RecordedRequest request, CancellationToken gone)
    {
        var options = _options;
        if (options.Status is { } status && options.StatusForFiles == IsFile(request.Path) && Interlocked.Increment(ref _refusals) <= options.StatusFirst)
            return RefuseAsync(http, status, "", "Refused by the test.", options.Headers);
        var parts = request.Path.Trim('/').Split('/');
        return parts switch
        {
            ["api", "models"] => OwnerAsync(http, options),
            ["api", "models", var owner, var name, "revision", _] => RepositoryAsync(http, options, request, $"{owner}/{name}", _ => JsonAsync(http, options, new JsonObject { ["id"] = $"{owner}/{name}", ["sha"] = options.Commit, ["gated"] = options.Gated })),
            ["api", "models", var owner, var name, "tree", _] => RepositoryAsync(http, options, request, $"{owner}/{name}", files => TreeAsync(http, options, files)),
            [var owner, var name, "resolve", var commit, .. var path] when owner != "cdn" => RepositoryAsync(http, options, request, $"{owner}/{name}", files => ResolveAsync(http, options, request, files, commit, string.Join('/', path), gone)),
            ["cdn", var owner, var name, .. var path] => SendAsync(http, options, request, options.Repositories[$"{owner}/{name}"][string.Join('/', path)], gone),
            _ => RefuseAsync(http, 404, "", "Sorry, we can't find the page you are looking for."),
        };
    }

    private static Task RepositoryAsync(HttpContext http, HubOptions options, RecordedRequest request, string id, Func<IReadOnlyDictionary<string, byte[]>, Task> answer)
    {
        var token = request.Headers.GetValueOrDefault("Authorization");
        if (options.Token is not null && token is not null && token != $"Bearer {options.Token}")
            return RefuseAsync(http, 401, "", "Invalid credentials in Authorization header");
        if (options.Repositories.TryGetValue(id, out var files) && (options.Token is null || token is not null))
            return answer(files);
        return options.SaysNotFound ? RefuseAsync(http, 404, "RepoNotFound", "Repository not found") : RefuseAsync(http, 401, "RepoNotFound", "Invalid username or password.");
    }

    private static Task OwnerAsync(HttpContext http, HubOptions options)
    {
        var author = http.Request.Query["author"].ToString();
        var ids = options.Repositories.Keys.Where(id => id.StartsWith(author + "/", StringComparison.Ordinal)).Select(id => new JsonObject { ["id"] = id });
        return JsonAsync(http, options, new JsonArray([.. ids]));
    }

    private static Task TreeAsync(HttpContext http, HubOptions options, IReadOnlyDictionary<string, byte[]> files)
    {
        var listed = files.Select(file => Entry(file.Key, file.Value.Length + options.ListedSizeOff, options.ListedSha256 ?? Sha256(file.Value)))
            .Concat(options.ListedOnly.Select(file => Entry(file.Key, file.Value, new string('0', 64))))
            .Prepend(new JsonObject { ["type"] = "directory", ["oid"] = new string('d', 40), ["size"] = 0, ["path"] = "folder" })
            .ToList();
        var from = int.TryParse(http.Request.Query["cursor"], out var cursor) ? cursor : 0;
        if (from + options.PageSize < listed.Count)
            http.Response.Headers.Link = $"<https://huggingface.co{http.Request.Path}?recursive=true&cursor={from + options.PageSize}>; rel=\"next\"";
        return JsonAsync(http, options, new JsonArray([.. listed.Skip(from).Take(options.PageSize)]));
    }

    private static JsonObject Entry(string path, long size, string sha256)
    {
        var entry = new JsonObject { ["type"] = "file", ["oid"] = new string('b', 40), ["size"] = size, ["path"] = path };
        if (sha256.Length > 0)
            entry["lfs"] = new JsonObject { ["oid"] = sha256, ["size"] = size, ["pointerSize"] = 134 };
        return entry;
    }

    private Task ResolveAsync(HttpContext http, HubOptions options, RecordedRequest request, IReadOnlyDictionary<string, byte[]> files, string commit, string path, CancellationToken gone)
    {
        if (options.Gated)
            return RefuseAsync(http, 403, "GatedRepo", "Access to this model is restricted and you are not in the authorized list.");
        if (commit != options.Commit)
            return RefuseAsync(http, 404, "RevisionNotFound", $"Invalid rev id: {commit}");
        if (!files.TryGetValue(path, out var content))
            return RefuseAsync(http, 404, "EntryNotFound", "Entry not found");
        http.Response.Headers["X-Repo-Commit"] = options.Commit;
        http.Response.Headers["X-Linked-Size"] = content.Length.ToString();
        http.Response.Headers["X-Linked-ETag"] = $"\"{options.LinkedSha256 ?? Sha256(content)}\"";
        if (options.RedirectTo is null)
            return SendAsync(http, options, request, content, gone);
        http.Response.StatusCode = 302;
        var parts = request.Path.Trim('/').Split('/');
        http.Response.Headers.Location = $"{options.RedirectTo}/cdn/{parts[0]}/{parts[1]}/{path}?signed=yes";
        return Task.CompletedTask;
    }

    private async Task SendAsync(HttpContext http, HubOptions options, RecordedRequest request, byte[] content, CancellationToken gone)
    {
        var response = http.Response;
        var download = IsDownload(request);
        var etag = options.ETag ?? $"\"{Sha256(content)[..16]}\"";
        response.Headers.ETag = etag;
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "application/octet-stream";
        var (from, to) = (0, content.Length - 1);
        var fresh = !request.Headers.TryGetValue("If-Range", out var seen) || seen == etag;
        if (request.Headers.TryGetValue("Range", out var range) && !options.IgnoresRanges && fresh)
        {
            var ends = range["bytes=".Length..].Split('-');
            (from, to) = (int.Parse(ends[0]), ends[1].Length > 0 ? Math.Min(int.Parse(ends[1]), to) : to);
            if (from > to || (options.RefusesRanges && download))
            {
                response.Headers.ContentRange = $"bytes */{content.Length}";
                response.StatusCode = 416;
                return;
            }
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {from + (download ? options.RangeOff : 0)}-{to}/{content.Length}";
        }
        var body = content.AsSpan(from, to - from + 1).ToArray();
        if (options.Garbles)
            body = [.. body.Select(value => (byte)~value)];
        if (options.Surplus == 0 && !options.NoLength)
            response.ContentLength = body.Length;
        await (download ? FaultyAsync(http, options, request, [.. body, .. new byte[options.Surplus]], gone) : response.Body.WriteAsync(body, gone).AsTask());
    }

    private async Task FaultyAsync(HttpContext http, HubOptions options, RecordedRequest request, byte[] body, CancellationToken gone)
    {
        var drop = options.DropAfter < body.Length && Interlocked.Increment(ref _drops) <= options.Drops ? options.DropAfter : null;
        var stop = Math.Min(body.Length, drop ?? options.HoldAfter ?? body.Length);
        await http.Response.Body.WriteAsync(body.AsMemory(0, stop), gone);
        await http.Response.Body.FlushAsync(gone);
        if (drop is not null)
        {
            // Without the abort the connection is closed in order, as its Content-Length was not kept.
            _log.Ended(request);
            if (!options.ClosesInOrder)
                http.Abort();
            return;
        }
        if (stop < body.Length)
        {
            _log.Held(request, true);
            await _gate.WaitAsync(gone);
            _log.Held(request, false);
            await http.Response.Body.WriteAsync(body.AsMemory(stop), gone);
        }
    }

    private static Task JsonAsync(HttpContext http, HubOptions options, JsonNode json) =>
        options.Html ? TextAsync(http, 200, "<html>Please sign in</html>", "text/html") : TextAsync(http, 200, json.ToJsonString(), "application/json; charset=utf-8");

    private static Task RefuseAsync(HttpContext http, int status, string code, string message, IReadOnlyDictionary<string, string>? headers = null)
    {
        if (code.Length > 0)
            http.Response.Headers["X-Error-Code"] = code;
        http.Response.Headers["X-Error-Message"] = message;
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            http.Response.Headers[name] = value;
        return TextAsync(http, status, new JsonObject { ["error"] = message }.ToJsonString(), "application/json; charset=utf-8");
    }

    private static Task TextAsync(HttpContext http, int status, string text, string contentType)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
    }

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
