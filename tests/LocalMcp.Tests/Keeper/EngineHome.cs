using System.Diagnostics;
using System.Text.Json.Nodes;
using LocalMcp.Keeper;
using LocalMcp.TestModels;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Keeper;

/// <summary>A home with models for a real engine, and a look at what its keeper does.</summary>
internal sealed class EngineHome : IDisposable
{
    // What never ends by itself ends with its context: that has to be long.
    private const int LongContext = 262_144;

    private readonly TemporaryHome home = new();
    private readonly JsonObject settings = new() { ["context_length"] = LongContext };

    public EngineHome()
    {
        Directory.CreateDirectory(home.ModelFolder);
        home.WithSettings(settings.ToJsonString());
    }

    public TemporaryHome Home => home;

    public (string Name, string Value)[] Variables { get; } = [("PATH", RealEngine.SearchPath()), ("LOCAL_MCP_URL", ClosedPort.Url())];

    public KeeperLink Link => new(home.Environment(Variables), TimeProvider.System);

    public KeeperPlace Place => KeeperPlace.Find(home.Environment(Variables));

    public House House() => new(home, null, Variables);

    public string Model(string name) => Path.Combine(home.ModelFolder, name + ".gguf");

    /// <summary>A model that says this.</summary>
    public EngineHome Says(string name, string text, int contextLength = 4096)
    {
        ScriptedModel.Write(Model(name), new Script(text) { ContextLength = contextLength });
        return this;
    }

    /// <summary>A model that never ends by itself, and goes round in a circle that is too wide to be taken for one.</summary>
    public EngineHome NeverEnds(string name)
    {
        ScriptedModel.Write(Model(name), new Script("tick " + string.Concat(Enumerable.Range(4096, 1_000).Select(i => $"{i:x} "))) { Endless = true, ContextLength = LongContext });
        return this;
    }

    /// <summary>Sets these, and leaves what was set before.</summary>
    public EngineHome WithSettings(string json)
    {
        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject())
            settings[name] = value?.DeepClone();
        home.WithSettings(settings.ToJsonString());
        return this;
    }

    public async Task<KeeperSays.Status> StatusAsync() => await Link.StatusAsync(CancellationToken.None) ?? throw new InvalidOperationException("There is no keeper.");

    /// <summary>Looks until it is so, 20 seconds at most.</summary>
    public async Task<KeeperSays.Status> StatusWhenAsync(Func<KeeperSays.Status, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var status = await StatusAsync();
            if (isSo(status))
                return status;
            Assert.False(patience.IsCancellationRequested, $"It did not become so: {status}");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>The same, where the keeper may not be there yet, or make way for another one meanwhile.</summary>
    public async Task<KeeperSays.Status> StatusWhenFoundAsync(Func<KeeperSays.Status, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var status = await Link.StatusAsync(TestContext.Current.CancellationToken);
            if (status is not null && isSo(status))
                return status;
            Assert.False(patience.IsCancellationRequested, $"It did not become so: {status}");
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public async Task KillKeeperAsync() => Kill((await StatusAsync()).ProcessId);

    public async Task KillEngineAsync() => Kill((await StatusWhenAsync(s => s.Residents is [{ ProcessId: not null }])).Residents[0].ProcessId!.Value);

    public Task EnginesAreGoneAsync() => Gone.FolderAsync(home.KeeperFolder, "engine-*");

    public Task KeeperIsGoneAsync() => Gone.FileAsync(Path.Combine(home.KeeperFolder, "keeper.sock"));

    public void Dispose() => home.Dispose();

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }
}

/// <summary>A question to a model that is answered until somebody ends it.</summary>
internal sealed class LongAnswer : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LongAnswer(House house, string model, Action<string>? progress = null) =>
        Reply = house.AskAsync("hi", model, cancellationToken: stop.Token, watch: delta =>
        {
            if (delta is LocalMcp.Chat.ChatDelta.Held or LocalMcp.Chat.ChatDelta.Text)
                spoken.TrySetResult();
            else if (delta is LocalMcp.Chat.ChatDelta.Progress step)
                progress?.Invoke(step.Message);
        });

    public Task<LocalMcp.Chat.ChatReply> Reply { get; }

    /// <summary>Completes with the first token, or with the failure that came in its place.</summary>
    public async Task HasBegunAsync() => await await Task.WhenAny(spoken.Task, Reply);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Reply);
    }

    public void Dispose() => stop.Dispose();
}
