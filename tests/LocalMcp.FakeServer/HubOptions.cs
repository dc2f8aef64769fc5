namespace LocalMcp.FakeServer;

/// <summary>What a fake Hugging Face has, and how it fails. Faults of a download strike requests for a file without end of range; a look at its header is spared.</summary>
public sealed record HubOptions
{
    /// <summary>Repositories by <c>owner/repo</c>, each with its files by path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, byte[]>> Repositories { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, byte[]>>();

    /// <summary>The commit that every repository is at.</summary>
    public string Commit { get; init; } = new('c', 40);

    /// <summary>When set, repositories are shown to whoever sends this bearer token; others get the 401 that a missing repository gets.</summary>
    public string? Token { get; init; }

    /// <summary>Every repository wants its terms accepted: 403 for its files.</summary>
    public bool Gated { get; init; }

    /// <summary>A repository that is not there is 404 instead of 401.</summary>
    public bool SaysNotFound { get; init; }

    /// <summary>Entries of a page of the list of files.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Paths that the list has beside the files, each with a size.</summary>
    public IReadOnlyDictionary<string, long> ListedOnly { get; init; } = new Dictionary<string, long>();

    /// <summary>Added to every size in the list.</summary>
    public long ListedSizeOff { get; init; }

    /// <summary>The sha256 that the list has for every file; null for the right one, empty for none.</summary>
    public string? ListedSha256 { get; init; }

    /// <summary>The sha256 in X-Linked-ETag; null for the right one.</summary>
    public string? LinkedSha256 { get; init; }

    /// <summary>The ETag of a file; null: made of its content.</summary>
    public string? ETag { get; init; }

    /// <summary>Sends files from another server: 302 to <c>/cdn/…</c> below this URL.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Leaves the connection after so many bytes of a body; null for never.</summary>
    public int? DropAfter { get; init; }

    /// <summary>A drop is an end of the connection in place of a reset, which may take bytes with it that were sent before.</summary>
    public bool ClosesInOrder { get; init; }

    /// <summary>How many downloads are dropped, from the last change of the options on.</summary>
    public int Drops { get; init; } = int.MaxValue;

    /// <summary>Waits for <see cref="FakeHub.Release"/> after so many bytes of a body; null for never.</summary>
    public int? HoldAfter { get; init; }

    /// <summary>Sends so many bytes more than there are, without a Content-Length.</summary>
    public int Surplus { get; init; }

    /// <summary>No Content-Length in the answer to a download.</summary>
    public bool NoLength { get; init; }

    /// <summary>Every byte of a file that is sent is another one.</summary>
    public bool Garbles { get; init; }

    /// <summary>Answers 200 with the whole file, whatever range is asked for.</summary>
    public bool IgnoresRanges { get; init; }

    /// <summary>Added to the beginning of the Content-Range of a download.</summary>
    public int RangeOff { get; init; }

    /// <summary>Answers 416 to a download of a part.</summary>
    public bool RefusesRanges { get; init; }

    /// <summary>The status of so many first answers to a question or a download, with <see cref="Headers"/>.</summary>
    public int? Status { get; init; }

    public int StatusFirst { get; init; } = int.MaxValue;

    /// <summary>Whether <see cref="Status"/> is for downloads, and not for the API.</summary>
    public bool StatusForFiles { get; init; }

    /// <summary>Headers of an answer with <see cref="Status"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The API answers with a page of text/html.</summary>
    public bool Html { get; init; }

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, byte[]>> With(string id, params (string Path, byte[] Content)[] files) =>
        new Dictionary<string, IReadOnlyDictionary<string, byte[]>> { [id] = files.ToDictionary(file => file.Path, file => file.Content) };
}
