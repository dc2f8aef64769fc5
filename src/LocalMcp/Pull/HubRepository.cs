namespace LocalMcp.Pull;

/// <summary>A repository at one commit: whatever is pushed to it meanwhile, the files that were listed are the files that come.</summary>
/// <param name="Id"><c>owner/repo</c>.</param>
/// <param name="Commit">40 hexadecimal digits.</param>
internal sealed record HubRepository(string Id, string Commit, IReadOnlyList<HubFile> Files)
{
    private const int MostPages = 100;
    private const int MostOfOneOwner = 500;

    /// <summary>Looks up the commit, then its files.</summary>
    /// <exception cref="HubRefusal">There is no such repository, or it is not for us.</exception>
    /// <exception cref="LocalMcpException">It cannot be asked.</exception>
    public static async Task<HubRepository> ReadAsync(HubConnection hub, PullSource.HuggingFace source, TimeProvider clock, Action<PullStep> watch, CancellationToken cancellationToken)
    {
        var questions = new Questions(hub, source.Id, clock, watch);
        var (revision, _) = await questions.AskAsync($"api/models/{source.Id}/revision/{Uri.EscapeDataString(source.Revision)}", cancellationToken);
        var commit = HubWire.Commit(revision) ?? throw questions.Unintelligible("the commit of a repository");
        var files = new List<HubFile>();
        var page = $"api/models/{source.Id}/tree/{commit}?recursive=true";
        for (var pages = 0; page is not null && pages < MostPages; pages++)
        {
            (var body, page) = await questions.AskAsync(page, cancellationToken);
            files.AddRange(HubWire.Files(body) ?? throw questions.Unintelligible("a list of files"));
        }
        return new HubRepository(source.Id, commit, files);
    }

    /// <summary>The repositories with GGUF files of an owner; none when that cannot be had.</summary>
    public static async Task<IReadOnlyList<string>> OfOwnerAsync(HubConnection hub, string owner, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await hub.GetAsync($"api/models?author={Uri.EscapeDataString(owner)}&filter=gguf&limit={MostOfOneOwner}", null, cancellationToken);
            return reply.Response.IsSuccessStatusCode ? [.. HubWire.Ids(await hub.TextAsync(reply, cancellationToken)).Where(PullName.IsRepository)] : [];
        }
        catch (Exception failed) when (failed is TransientFailure or LocalMcpException)
        {
            // It is a help beside an error, and no error of its own.
            return [];
        }
    }

    /// <summary>Where a file of this commit is, below the endpoint.</summary>
    public string PathOf(HubFile file) => $"{Id}/resolve/{Commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}";

    private sealed class Questions(HubConnection hub, string id, TimeProvider clock, Action<PullStep> watch)
    {
        public async Task<(string Body, string? NextPage)> AskAsync(string path, CancellationToken cancellationToken)
        {
            var patience = Patience.ForQuestion(hub.Label, clock);
            while (true)
            {
                try
                {
                    using var reply = await hub.GetAsync(path, null, cancellationToken);
                    if (hub.Passing(reply) is { } passing)
                        throw passing;
                    var body = await hub.TextAsync(reply, cancellationToken);
                    return reply.Response.IsSuccessStatusCode ? (body, Next(reply)) : throw HubRefusal.Of(hub, reply, body, id);
                }
                catch (TransientFailure failure)
                {
                    await patience.WaitAsync(failure, watch, cancellationToken);
                }
            }
        }

        public LocalMcpException Unintelligible(string what) =>
            new($"{hub.Label} sent something else where {what} was expected. Check HF_ENDPOINT if it is set; behind a network with a sign-in page, sign in first.");

        // Link: <https://…&cursor=…>; rel="next". A mirror passes the original's address on; the page is asked for at the endpoint all the same.
        private static string? Next(HubReply reply)
        {
            var link = reply.Said("Link")?.Split(',').FirstOrDefault(part => part.Contains("rel=\"next\"", StringComparison.Ordinal));
            var (from, to) = (link?.IndexOf("api/models/", StringComparison.Ordinal) ?? -1, link?.IndexOf('>') ?? -1);
            return from >= 0 && to > from ? link![from..to] : null;
        }
    }
}
