namespace LocalMcp.Faults.Sessions;

/// <summary>How a call ended, as the client sees it.</summary>
/// <param name="How">What came.</param>
/// <param name="Text">What a model reads of it.</param>
internal sealed record Ending(EndingKind How, string Text);

internal enum EndingKind
{
    /// <summary>A result.</summary>
    Answer,

    /// <summary>A result that is marked as an error.</summary>
    Error,

    /// <summary>An error of the protocol.</summary>
    Refusal,

    /// <summary>Nothing: the client had cancelled it.</summary>
    Cancelled,

    /// <summary>Nothing: the session has ended.</summary>
    Gone,
}
