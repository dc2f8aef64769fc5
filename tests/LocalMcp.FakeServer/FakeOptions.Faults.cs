namespace LocalMcp.FakeServer;

/// <summary>
/// How the server fails. Chunk counts are tokens already sent, reasoning included: 0 strikes before the first one, a number beyond the answer never strikes.
/// At one point of a stream a hold comes first, then error, garbage, clean end and drop.
/// </summary>
public sealed partial record FakeOptions
{
    /// <summary>The requests that get the whole-answer faults: from <see cref="DelayBeforeHeaders"/> to <see cref="RedirectTo"/> in this file.</summary>
    public FaultScope FaultsOn { get; init; } = FaultScope.Chat;

    public TimeSpan DelayBeforeHeaders { get; init; }

    /// <summary>Sends nothing until <see cref="FakeModelServer.Release"/>.</summary>
    public bool HoldBeforeHeaders { get; init; }

    /// <summary>503 in the words of the kind, counted from the start or from the last change of the options.</summary>
    public TimeSpan UnavailableFor { get; init; }

    /// <summary>503 for this many requests.</summary>
    public int UnavailableForFirst { get; init; }

    /// <summary>Answers with this status, and <see cref="StatusText"/> in the error shape of the kind.</summary>
    public int? Status { get; init; }

    public string? StatusText { get; init; }

    /// <summary>The body that goes with <see cref="Status"/>, as it is.</summary>
    public string? StatusBody { get; init; }

    /// <summary>200 with a page of text/html.</summary>
    public bool Html { get; init; }

    /// <summary>The first half of the right answer, as application/json.</summary>
    public bool HalfJson { get; init; }

    /// <summary>Valid JSON that is no answer to the question.</summary>
    public bool UnknownShape { get; init; }

    /// <summary>307 to the same path under this URL.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>The prompt is said to be too long for the context, in the words of the kind.</summary>
    public bool ExceedsContext { get; init; }

    /// <summary>Refuses a chat whose answer is to be constrained to a schema, in these words: with 400, as Ollama with 500, as LM Studio inside the stream.</summary>
    public string? RefusesSchema { get; init; }

    /// <summary>The words with which an OpenAI-compatible server refuses to be asked for counts.</summary>
    public string? RefusesCounting { get; init; }

    /// <summary>Lists no models; a chat with one of <see cref="Models"/> works.</summary>
    public bool EmptyModelList { get; init; }

    /// <summary>Answers whole, whatever <c>stream</c> says.</summary>
    public bool NonStreaming { get; init; }

    /// <summary>Waits at this point of the stream for <see cref="FakeModelServer.Release"/>.</summary>
    public int? HoldAfterChunks { get; init; }

    /// <summary>Resets the connection; what was sent before has arrived by then.</summary>
    public int? DropAfterChunks { get; init; }

    /// <summary>Ends the response cleanly, without finish reason or end mark.</summary>
    public int? EndAfterChunks { get; init; }

    /// <summary>Sends one broken line and goes on.</summary>
    public int? GarbageAfterChunks { get; init; }

    /// <summary>The broken line; null: half of an event of the wire.</summary>
    public string? Garbage { get; init; }

    /// <summary>Ends with an error in the shape of the wire. Where no header has been sent yet it is a 500.</summary>
    public int? ErrorAfterChunks { get; init; }

    /// <summary>Null: what this kind of server says when its engine dies.</summary>
    public string? ErrorText { get; init; }

    /// <summary>OpenAI wire: in-stream errors as llama-server sent them until 2025, in a field <c>error:</c> that is none of the SSE standard.</summary>
    public bool ErrorAsOldField { get; init; }
}
