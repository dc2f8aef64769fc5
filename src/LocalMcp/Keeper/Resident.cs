using LocalMcp.Backends.OpenAi;

namespace LocalMcp.Keeper;

/// <summary>One model in memory, or on its way in or out. The room's lock guards all of it.</summary>
internal sealed class Resident(WantedModel model, string basis) : IDisposable
{
    private readonly CancellationTokenSource givenUp = new();

    public WantedModel Model { get; } = model;

    /// <summary>The settings that decided how it was started.</summary>
    public string Basis { get; } = basis;

    public ResidentState State { get; set; } = ResidentState.Loading;

    /// <summary>No further turn is granted: it makes room, or has been told to go.</summary>
    public bool Leaving { get; set; }

    /// <summary>The turns that run on it.</summary>
    public HashSet<Turn> Running { get; } = [];

    /// <summary>Null before it is started.</summary>
    public EngineProcess? Process { get; set; }

    /// <summary>What has to be over before it is started; null when it is on its way.</summary>
    public string? Waiting { get; set; }

    /// <summary>Of the load, from an engine that tells.</summary>
    public int? Percent { get; set; }

    public OpenAiWire.ServedModel Served { get; set; } = new();

    /// <summary>Timestamp of the last time that it had something to do.</summary>
    public long LastUsed { get; set; }

    public int Slots => Served.Slots ?? Process?.Plan.Slots ?? 1;

    /// <summary>Tokens of each slot.</summary>
    public int? Context => Served.Context ?? Process?.Plan.Context;

    /// <summary>Whether it could run this turn now, as it is.</summary>
    public bool HasRoomFor(Turn turn) =>
        State == ResidentState.Ready && !Leaving && (!turn.NeedsSlot || Answers < Slots) && Process is { HasExited: false };

    /// <summary>Slots that are taken.</summary>
    public int Answers => Running.Count(turn => turn.NeedsSlot);

    /// <summary>Cancelled when nobody wants the rest of its load.</summary>
    public CancellationToken GivenUp => givenUp.Token;

    /// <summary>Whoever waits for it goes on elsewhere, not in the middle of what the room does now.</summary>
    public void GiveUp() => _ = givenUp.CancelAsync();

    public void Dispose() => givenUp.Dispose();
}

internal enum ResidentState
{
    Loading,
    Ready,
    Ending,
}
