namespace LocalMcp.Pull;

/// <summary>What whoever waits for a pull sees.</summary>
internal abstract record PullStep
{
    /// <summary>Something worth a line that stays: what was chosen, why it starts over, for whom it waits. A sentence.</summary>
    internal sealed record Note(string Text) : PullStep;

    /// <summary>What goes on now: a short phrase.</summary>
    internal sealed record Phase(string Text) : PullStep;

    /// <summary>How many bytes of the whole model are there.</summary>
    internal sealed record Bytes(long Done, long Total) : PullStep;
}

/// <summary>A model that is there now.</summary>
/// <param name="Name">The name to use it by.</param>
/// <param name="Where">The file to load, or who has it.</param>
/// <param name="Size">Its size in bytes; null when that was not said.</param>
/// <param name="Came">Whether it was downloaded; else it was there already.</param>
internal sealed record Pulled(string Name, string Where, long? Size, bool Came);
