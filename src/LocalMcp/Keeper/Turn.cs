using System.Threading.Channels;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>One call's turn with a model: first it waits, then it holds a slot, until its session leaves.</summary>
internal sealed class Turn(WantedModel model, Settings settings, bool needsSlot = true)
{
    // Who does not read gets the newest only: what is true now counts.
    private readonly Channel<KeeperSays> said = Channel.CreateBounded<KeeperSays>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public WantedModel Model { get; } = model;

    /// <summary>The settings at the time of the call.</summary>
    public Settings Settings { get; } = settings;

    /// <summary>Whether it takes one of the engine's slots, which it does to generate; else it only needs the model in memory, and runs beside the others.</summary>
    public bool NeedsSlot { get; } = needsSlot;

    /// <summary>The engine that it runs on; null while it waits.</summary>
    public Resident? Resident { get; set; }

    /// <summary>Timestamp of when it got its slot.</summary>
    public long GrantedAt { get; set; }

    /// <summary>What its session is to be told, until there is no more.</summary>
    public IAsyncEnumerable<KeeperSays> Said(CancellationToken cancellationToken) => said.Reader.ReadAllAsync(cancellationToken);

    public void Say(KeeperSays says) => said.Writer.TryWrite(says);

    /// <summary>Says the last word.</summary>
    public void Conclude(KeeperSays? says)
    {
        if (says is not null)
            Say(says);
        said.Writer.TryComplete();
    }
}
