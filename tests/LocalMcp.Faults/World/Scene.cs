using System.Collections.Concurrent;
using LocalMcp.Faults.Checks;
using LocalMcp.Faults.Sessions;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.World;

/// <summary>A user's machine for one episode: a home, a project, backends behind relays, and sessions that come and go. Everything that a step does goes through it.</summary>
internal sealed class Scene : IAsyncDisposable
{
    /// <summary>The longest that a call may take by the settings below, with something for a machine that has much to do.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60 + 30);

    /// <summary>Clocks as short as they go; the engine leaves by itself soon after its last session.</summary>
    public const string ShortLimits = """
        {
          "limits": { "connect_seconds": 2, "load_minutes": 1, "first_token_minutes": 1, "silence_seconds": 2, "call_minutes": 1 },
          "engine": { "idle_seconds": 2, "unload_seconds": 20, "parallel": 2 }
        }
        """;

    private const int MostTries = 5;

    private readonly Ledger ledger;
    private readonly string episode;
    private readonly Session?[] sessions;
    private readonly ConcurrentBag<Task> running = [];
    private readonly ConcurrentBag<Task> repairs = [];
    private readonly TaskCompletionSource healed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly (string Name, string Value)[] variables;
    private readonly string fakeHome = Directory.CreateTempSubdirectory("lmf-").FullName;
    private volatile string step = "the beginning";

    public Scene(Ledger ledger, string episode, int seats, IReadOnlyList<(string Kind, string Model)> backends, string? engineFolder = null)
    {
        (this.ledger, this.episode, sessions) = (ledger, episode, new Session?[seats]);
        Backends = [.. backends.Select(b => new Backend(b.Kind, b.Model, fakeHome))];
        Project = Path.Combine(Home.Folder, "project");
        var urls = Backends.Count > 0 ? string.Join(',', Backends.Select(b => b.Relay.Url)) : "http://127.0.0.1:1";
        variables = [("PATH", engineFolder is null ? "/usr/bin:/bin" : $"{engineFolder}:/usr/bin:/bin"), ("LOCAL_MCP_URL", urls), ("CLAUDE_PROJECT_DIR", Project)];
        States = new StateFiles(Home, Break);
        Home.WithSettings(ShortLimits);
        FillProject();
    }

    public TemporaryHome Home { get; } = new();

    public string Project { get; }

    public IReadOnlyList<Backend> Backends { get; }

    public StateFiles States { get; }

    /// <summary>What calls said of files, and the files of calls whose end nobody heard.</summary>
    public Written Written { get; } = new();

    /// <summary>Sessions that were killed: each may have been in the middle of writing a file, and nobody else removes what it has begun.</summary>
    public int Killed { get; private set; }

    /// <summary>Answers that models of the engine give.</summary>
    public HashSet<string> EngineAnswers { get; } = [];

    /// <summary>What is being done, for reports.</summary>
    public string Step { set => step = value; }

    public void Struck(string kind) => ledger.Struck(kind);

    public void Break(string what) => ledger.Break($"{episode}, after {step}", what);

    /// <summary>Has somebody sit down: the session that was there is closed first.</summary>
    public async Task SeatAsync(int seat, Era era, string limits = "")
    {
        await LeaveAsync(seat);
        sessions[seat] = await Session.StartAsync(Home, Project, era, limits, what => Break($"session {seat} ({era.Version}{(limits.Length > 0 ? $", {limits}" : "")}): {what}"), variables);
    }

    /// <summary>Closes the session of a seat; one that is over already is left.</summary>
    public Task LeaveAsync(int seat) => Take(seat) is { } session ? session.CloseAsync() : Task.CompletedTask;

    /// <summary>Ends the session of a seat with a signal.</summary>
    public Task EndAsync(int seat, Signal signal)
    {
        if (Take(seat) is not { } session)
            return Task.CompletedTask;
        Killed += signal == Signal.Kill ? 1 : 0;
        return session.SignalAsync(signal);
    }

    /// <summary>Stops the session of a seat for a while.</summary>
    public void Pause(int seat, int milliseconds)
    {
        if (sessions[seat] is not { IsOver: false } session)
            return;
        Proc.Send(session.Id, Signal.Stop);
        Later(milliseconds, () => Proc.Send(session.Id, Signal.Continue));
    }

    /// <summary>Makes a call at a seat, and goes on: its end is judged when it comes.</summary>
    public void Call(int seat, CallPlan plan)
    {
        if (sessions[seat] is { IsOver: false } session)
            running.Add(CallAsync(seat, session, plan));
    }

    /// <summary>The same, and waits for it; null where there is no end, or nobody.</summary>
    public async Task<Ending?> AskAsync(int seat, CallPlan plan) => sessions[seat] is { IsOver: false } session ? await CallAsync(seat, session, plan) : null;

    /// <summary>Memory in bytes and descriptors of the session of a seat.</summary>
    public (long Memory, int Descriptors) SizeOf(int seat) => Proc.Size(sessions[seat]!.Id);

    /// <summary>Does something later, or when the episode ends.</summary>
    public void Later(int milliseconds, Func<Task> repair) => repairs.Add(RepairAsync(milliseconds, repair));

    public void Later(int milliseconds, Action repair) => Later(milliseconds, () =>
    {
        repair();
        return Task.CompletedTask;
    });

    /// <summary>Everything is repaired at once, all calls end, and every session that is left answers as if nothing had been.</summary>
    public async Task SettleAsync()
    {
        healed.TrySetResult();
        await Task.WhenAll(repairs);
        foreach (var process in Proc.Of(Home.Folder))
            Proc.Send(process.Id, Signal.Continue);
        foreach (var backend in Backends)
        {
            backend.Relay.Mode = new RelayMode.Pass();
            await backend.StartAsync();
        }
        Home.WithSettings(ShortLimits);
        await Task.WhenAll(running);
    }

    /// <summary>Asks at every seat, and wants the right answer.</summary>
    public async Task AskEverybodyAsync(string model, string answer)
    {
        for (var seat = 0; seat < sessions.Length; seat++)
        {
            var plan = new CallPlan("tools/call", "chat", $$"""{"prompt":"hi","model":"{{model}}"}""");
            var ending = await AskAsync(seat, plan);
            // Servers that have just been started, on a machine with much to do, may need more than the shortest limits.
            for (var tries = 1; tries < MostTries && ending is { How: EndingKind.Error }; tries++)
                ending = await AskAsync(seat, plan);
            if (ending is not null && !ending.Text.StartsWith(answer, StringComparison.Ordinal))
                Break($"session {seat} does not answer as before when all is well again: {ending.How} {Shown(ending.Text)}");
        }
    }

    /// <summary>Everybody leaves, and nothing may stay behind.</summary>
    public async Task LeaveAllAsync()
    {
        for (var seat = 0; seat < sessions.Length; seat++)
            await LeaveAsync(seat);
        await Leftovers.CheckAsync(this);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Proc.Of(Home.Folder))
            Proc.Send(process.Id, Signal.Kill);
        foreach (var backend in Backends)
            await backend.DisposeAsync();
        Home.Dispose();
        Directory.Delete(fakeHome, recursive: true);
    }

    private async Task<Ending?> CallAsync(int seat, Session session, CallPlan plan)
    {
        try
        {
            var ending = await session.CallAsync(plan, LongestCall);
            ledger.Ended(ending.How.ToString().ToLowerInvariant());
            Written.Heard(plan, ending);
            if (Judge.Objection(plan, ending, CanHaveSaid) is { } objection)
                Break($"session {seat}, {plan}: {objection}: {Shown(ending.Text)}");
            States.Check();
            return ending;
        }
        catch (TimeoutException)
        {
            Break($"session {seat}, {plan}: no end within {LongestCall.TotalSeconds} s");
            return null;
        }
    }

    private bool CanHaveSaid(string text) => EngineAnswers.Contains(text) || Backends.Any(backend => backend.CanHaveSaid(text));

    private Session? Take(int seat)
    {
        var session = sessions[seat];
        sessions[seat] = null;
        return session is { IsOver: false } ? session : null;
    }

    private async Task RepairAsync(int milliseconds, Func<Task> repair)
    {
        await Task.WhenAny(Task.Delay(milliseconds), healed.Task);
        await repair();
    }

    private void FillProject()
    {
        Directory.CreateDirectory(Path.Combine(Project, "src"));
        File.WriteAllText(Path.Combine(Project, "note.txt"), "one\ntwo\nthree\n");
        File.WriteAllText(Path.Combine(Project, "taken.txt"), "taken\n");
        File.WriteAllText(Path.Combine(Project, ".env"), "KEY=secret\n");
        File.WriteAllText(Path.Combine(Project, "src", "One.cs"), "class One;\n");
        File.WriteAllText(Path.Combine(Project, "src", "Two.cs"), "class Two;\n");
        File.WriteAllText(Path.Combine(Project, "big.txt"), string.Concat(Enumerable.Repeat("0123456789abcdef\n", 20_000)));
    }

    private static string Shown(string text) => text.Length > 700 ? $"{text[..350]} … {text[^300..]}" : text;
}
