namespace LocalMcp.Faults.World;

/// <summary>What a relay does with what the backend says.</summary>
internal abstract record RelayMode
{
    /// <summary>Hands it on.</summary>
    public sealed record Pass : RelayMode;

    /// <summary>Waits before each piece.</summary>
    public sealed record Late(int Milliseconds) : RelayMode;

    /// <summary>Hands on one byte at a time.</summary>
    public sealed record Dribble : RelayMode;

    /// <summary>Ends the connection after so many bytes, with a reset or as if all had been said.</summary>
    public sealed record Cut(int Bytes, bool Reset) : RelayMode;

    /// <summary>Puts other bytes between, once in a connection, after so many.</summary>
    public sealed record Garbage(int Bytes, byte[] Noise) : RelayMode;

    /// <summary>Resets every connection as soon as it is there.</summary>
    public sealed record Refuse : RelayMode;

    /// <summary>Takes all and answers nothing.</summary>
    public sealed record Swallow : RelayMode;

    /// <summary>Answers with headers that do not end.</summary>
    public sealed record EndlessHeaders : RelayMode;
}
