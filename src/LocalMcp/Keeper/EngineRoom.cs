using LocalMcp.Backends;
using LocalMcp.Machine;
using LocalMcp.Models;
using LocalMcp.Models.Fit;
using LocalMcp.State;

namespace LocalMcp.Keeper;

/// <summary>
/// Who is in memory, who has a turn, and who waits. Turns are granted in the order of arrival. A model that is not resident is loaded, and where there is
/// no room for it the one that was used longest ago makes room: it finishes its answers, gets no new ones, and has left the memory before the other comes.
/// </summary>
internal sealed partial class EngineRoom(EngineLoader loader, Func<MachineProfile> machine, TimeProvider clock)
{
    private const string Next = "Ask again, the next call starts a fresh one.";

    private readonly Lock arranging = new();
    private readonly List<Turn> waiting = [];
    private readonly List<Resident> residents = [];
    private readonly Dictionary<string, CrashLoop> failures = [];
    private readonly HashSet<Task> errands = [];
    private bool closed;

    /// <summary>A new turn, which waits until it is told that it is ready.</summary>
    /// <param name="needsSlot">False for what only needs the model in memory, and does not generate: it waits for no answer.</param>
    public Turn Enter(WantedModel model, Settings settings, bool needsSlot = true)
    {
        var turn = new Turn(model, settings, needsSlot);
        lock (arranging)
        {
            if (closed)
            {
                turn.Conclude(null);
                return turn;
            }
            waiting.Add(turn);
            try
            {
                Arrange();
            }
            catch
            {
                // What has not been foreseen of one turn must not stay to trouble the others.
                waiting.Remove(turn);
                throw;
            }
        }
        return turn;
    }

    /// <summary>Gives back what a turn holds, or its place in the queue.</summary>
    public void Leave(Turn turn)
    {
        lock (arranging)
        {
            if (!waiting.Remove(turn) && turn.Resident is { } resident && resident.Running.Remove(turn))
            {
                resident.LastUsed = clock.GetTimestamp();
                if (turn.NeedsSlot && resident.Process is { HasExited: false })
                    failures.Remove(resident.Model.File);
            }
            Arrange();
        }
    }

    /// <summary>To be called about once a second: tells those who wait how it stands, and unloads who has had nothing to do for long enough.</summary>
    public void Tick(TimeSpan unloadAfter)
    {
        lock (arranging)
        {
            foreach (var resident in residents)
                EndTooLong(resident);
            foreach (var resident in residents.Where(r => IsIdle(r) && clock.GetElapsedTime(r.LastUsed) >= unloadAfter))
                resident.Leaving = true;
            Arrange();
        }
    }

    // A session that is stopped, and neither reads nor leaves, must not hold its slot for ever. Its own limit for a call is shorter.
    private void EndTooLong(Resident resident)
    {
        foreach (var turn in resident.Running.Where(t => clock.GetElapsedTime(t.GrantedAt) > t.Settings.Limits.Call + TimeSpan.FromMinutes(1)).ToList())
        {
            resident.Running.Remove(turn);
            turn.Conclude(new KeeperSays.Ended("This call held its slot of the engine for longer than limits.call_minutes of settings.json allows, and was ended."));
        }
    }

    /// <summary>Whether any turn holds a slot.</summary>
    public bool IsRunning
    {
        get
        {
            lock (arranging)
                return residents.Any(r => r.Running.Count > 0);
        }
    }

    public int Waiting
    {
        get
        {
            lock (arranging)
                return waiting.Count;
        }
    }

    public IReadOnlyList<ResidentStatus> Residents(TimeSpan unloadAfter)
    {
        lock (arranging)
            return [.. residents.Select(r => Status(r, unloadAfter))];
    }

    /// <summary>Lets nobody in any more. Who waits is told why, or else sent away to ask another keeper.</summary>
    public void Close(KeeperSays.Failed? why)
    {
        lock (arranging)
        {
            closed = true;
            foreach (var turn in waiting)
                turn.Conclude(why);
            waiting.Clear();
        }
    }

    /// <summary>Lets nobody in any more, for everything is about to end.</summary>
    /// <param name="by">What ends it: with `local-mcp stop`.</param>
    public void CloseAsEnded(string by) => Close(new KeeperSays.Failed(BackendFailure.Dropped, $"The engine was ended {by} before this call had its turn. {Next}"));

    /// <summary>Ends every engine and waits until all are gone; whoever runs or waits is told so.</summary>
    /// <param name="by">What ends it: with `local-mcp stop`.</param>
    public async Task EndAsync(string by)
    {
        CloseAsEnded(by);
        lock (arranging)
        {
            foreach (var resident in residents)
            {
                foreach (var turn in resident.Running)
                    turn.Conclude(new KeeperSays.Ended($"The engine was ended {by} in the middle of the call. {Next}"));
                resident.Running.Clear();
                MakeLeave(resident);
            }
            Arrange();
        }
        while (Errands() is { Length: > 0 } left)
            await Task.WhenAll(left);
    }

    private Task[] Errands()
    {
        lock (arranging)
            return [.. errands];
    }

    // One look at everything, after anything has changed.
    private void Arrange()
    {
        // Files of those that wait further ahead: what they want stays.
        var ahead = new HashSet<string>();
        foreach (var turn in waiting.ToList())
        {
            var resident = residents.Find(r => r.Model.File == turn.Model.File);
            if (resident?.HasRoomFor(turn) is true && loader.IsCurrent(resident, turn))
            {
                Grant(turn, resident);
                continue;
            }
            if (resident?.HasRoomFor(turn) is true)
                Replace(turn, resident);
            else if (resident is null)
                MakeRoom(turn, ahead);
            ahead.Add(turn.Model.File);
        }
        // Whoever has left while it was loaded wants the machine back, and not a model in memory.
        foreach (var resident in residents.Where(r => r is { State: ResidentState.Loading, Leaving: false } && !IsWanted(r)))
            MakeLeave(resident);
        foreach (var resident in residents.Where(r => r is { Leaving: true, Running.Count: 0, State: ResidentState.Ready }))
        {
            resident.State = ResidentState.Ending;
            Send(EndAsync(resident));
        }
        foreach (var (index, turn) in waiting.Index())
            turn.Say(Standing(turn, index));
    }

    private void Grant(Turn turn, Resident resident)
    {
        waiting.Remove(turn);
        resident.Running.Add(turn);
        turn.Resident = resident;
        turn.GrantedAt = clock.GetTimestamp();
        var plan = resident.Process!.Plan;
        turn.Say(new KeeperSays.Ready(resident.Process.Socket, plan.Engine.Label, resident.Context, resident.Served.Warnings ?? []));
    }

    // The same model, started differently.
    private void Replace(Turn turn, Resident resident)
    {
        if (loader.Objection(turn) is { } objection)
            Refuse(turn, objection);
        else
            resident.Leaving = true;
    }

    // Nobody has to go for a model that cannot come.
    private void Refuse(Turn turn, BackendException objection)
    {
        waiting.Remove(turn);
        turn.Conclude(new KeeperSays.Failed(objection.Failure, objection.Message));
    }

    // Loads beside the others where that is allowed and fits; else the one that was used longest ago has to go. One change at a time: memory that is
    // about to be taken or given back cannot be counted on.
    private void MakeRoom(Turn turn, HashSet<string> ahead)
    {
        if (residents.Exists(r => r.State != ResidentState.Ready || r.Leaving))
            return;
        if (residents.Count == 0 || (residents.Count < turn.Settings.Engine.MaxResidentModels && FitsBeside(turn)))
        {
            var resident = new Resident(turn.Model, EngineLoader.Basis(turn.Settings));
            residents.Add(resident);
            Send(LoadAsync(resident, turn.Settings, residents.Sum(r => r.Process?.Plan.Memory ?? 0)));
        }
        else if (loader.Objection(turn) is { } objection)
        {
            Refuse(turn, objection);
        }
        else if (residents.Where(r => !ahead.Contains(r.Model.File)).OrderBy(r => r.Running.Count > 0).ThenBy(r => r.LastUsed).FirstOrDefault() is { } oldest)
        {
            MakeLeave(oldest);
        }
    }

    private static void MakeLeave(Resident resident)
    {
        resident.Leaving = true;
        if (resident.State == ResidentState.Loading)
            resident.GiveUp();
    }

    private bool FitsBeside(Turn turn)
    {
        // What is not known of one of them cannot be counted on to fit.
        var taken = residents.Aggregate((long?)0, (sum, r) => sum + r.Process?.Plan.Memory);
        var shape = (turn.Model.Shape ?? new ModelShape()) with { WeightBytes = turn.Model.SizeBytes };
        var need = MemoryNeed.Of(shape, new Serving(EnginePlan.ContextFor(turn.Model, turn.Settings.ContextLength), 1, CacheType.For(shape, turn.Settings.Engine)));
        return taken is { } bytes && need.Total <= (machine() with { TakenMemory = bytes }).MemoryForModels;
    }

    private bool IsWanted(Resident resident) => waiting.Exists(turn => turn.Model.File == resident.Model.File);

    private bool IsIdle(Resident resident) => resident is { State: ResidentState.Ready, Leaving: false, Running.Count: 0 } && !IsWanted(resident);

    private KeeperSays Standing(Turn turn, int index)
    {
        var resident = residents.Find(r => r.Model.File == turn.Model.File);
        if (resident is { State: ResidentState.Loading, Leaving: false })
            return resident.Waiting is { } what ? new KeeperSays.Waiting(what) : new KeeperSays.Loading(turn.Model.Name, resident.Percent);
        var leaving = index == 0 ? residents.Find(r => r.Leaving) : null;
        return leaving switch
        {
            null => new KeeperSays.Queued(index + 1, waiting.Count),
            { Running.Count: 0 } => new KeeperSays.Waiting($"unloading {leaving.Model.Name}"),
            { Running.Count: 1 } => new KeeperSays.Waiting($"waiting until {leaving.Model.Name} has finished an answer"),
            _ => new KeeperSays.Waiting($"waiting until {leaving.Model.Name} has finished {leaving.Running.Count} answers"),
        };
    }

    private ResidentStatus Status(Resident resident, TimeSpan unloadAfter)
    {
        var (process, plan) = (resident.Process, resident.Process?.Plan);
        return new ResidentStatus(
            resident.Model.Name,
            resident.Model.File,
            resident.State == ResidentState.Ready && resident.Leaving ? "ending" : resident.State.ToString().ToLowerInvariant(),
            plan?.Engine.Title ?? "",
            plan?.CommandLine ?? "",
            process?.ProcessId,
            process?.Memory,
            resident.Context,
            resident.Served.Slots ?? plan?.Slots,
            resident.Answers,
            IsIdle(resident) ? (int)Math.Max(0, (unloadAfter - clock.GetElapsedTime(resident.LastUsed)).TotalSeconds) : null,
            resident.Served.Warnings ?? []);
    }
}
