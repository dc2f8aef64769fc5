namespace LocalMcp.FakeServer;

/// <summary>A token: a piece of the answer or of the reasoning before it.</summary>
internal sealed record Piece(string Text, bool IsReasoning = false);

/// <summary>How a stream looks on one wire. Every string is written and flushed as it is.</summary>
internal abstract class StreamShape
{
    public abstract string ContentType { get; }

    /// <summary>Whether the headers go out before there is a token.</summary>
    public abstract bool HeadersAtOnce { get; }

    /// <summary>What comes while the prompt is read.</summary>
    public virtual IEnumerable<string> Preamble => [];

    public abstract string Garbage { get; }

    public abstract string Chunk(Piece piece);

    public abstract string Error(string text);

    public abstract IEnumerable<string> Ending();
}
