using LocalMcp.Chat.Budget;

namespace LocalMcp.Backends;

/// <summary>What kind of failure a backend had.</summary>
internal enum BackendFailure
{
    /// <summary>Nobody listens, or nobody answers.</summary>
    Unreachable,

    /// <summary>It asks for a key, or for another one.</summary>
    Unauthorized,

    /// <summary>It is there and still loading.</summary>
    Loading,

    /// <summary>It does not have the model.</summary>
    NoSuchModel,

    /// <summary>It refused the request, and said why.</summary>
    Refused,

    /// <summary>What it sent cannot be understood.</summary>
    Unintelligible,

    /// <summary>The connection ended before the answer did.</summary>
    Dropped,

    /// <summary>It reported an error in the middle of the answer.</summary>
    FailedMidway,

    /// <summary>The model repeats itself without end; the request was stopped.</summary>
    Repeating,

    /// <summary>One of our limits ran out.</summary>
    TimedOut,

    /// <summary>It is on another machine, which the settings do not allow. Nothing was sent.</summary>
    NotAllowed,
}

/// <summary>A backend's failure, with its kind and a sentence for the reader.</summary>
internal sealed class BackendException(BackendFailure failure, string message, Exception? inner = null) : LocalMcpException(message, inner)
{
    public BackendFailure Failure { get; } = failure;

    /// <summary>The same without the next step, for lists.</summary>
    public string Brief { get; init; } = message;

    /// <summary>Where the prompt was too long: by how much, as far as anybody said. Null for every other failure.</summary>
    public Overflow? Overflow { get; init; }
}
