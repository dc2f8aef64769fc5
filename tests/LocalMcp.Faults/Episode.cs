using LocalMcp.Faults.Plan;
using LocalMcp.Faults.World;
using LocalMcp.TestModels;

namespace LocalMcp.Faults;

/// <summary>One scene from beginning to end: its steps, the repair of everything, and a look at what is left.</summary>
internal static class Episode
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);
    private static readonly (string Kind, string Model)[] Kinds = [("openai", "alpha"), ("ollama", "beta"), ("lmstudio", "gamma")];
    private static readonly string EngineSays = string.Join(' ', Enumerable.Range(0, 3_000).Select(number => $"w{number:x}"));

    /// <summary>Sessions on three model servers, with files and settings that change.</summary>
    public static async Task BackendsAsync(Ledger ledger, int number)
    {
        const int Seats = 3;
        var random = Random(ledger, number);
        var steps = Planner.Draw(random, Length, Seats, [.. Kinds.Select(kind => kind.Model)], Fault, faultShare: 35);
        await using var scene = new Scene(ledger, $"episode {number}, backends", Seats, Kinds);
        await Task.WhenAll(scene.Backends.Select(backend => backend.StartAsync()));
        await PlayAsync(scene, steps, scene.Backends[0].Model, scene.Backends[0].Answer);

        static Fault Fault(Random random) => random.Next(10) switch
        {
            < 5 => BackendFaults.Draw(random, Kinds.Length),
            < 8 => SessionFaults.Draw(random, Seats),
            _ => FileFaults.Draw(random, withSettings: true),
        };
    }

    /// <summary>Sessions on the real engine, with its keeper and its guard.</summary>
    public static async Task EngineAsync(Ledger ledger, int number, string engineFolder)
    {
        const int Seats = 2;
        var random = Random(ledger, number);
        var steps = Planner.Draw(random, Length, Seats, ["one", "two"], Fault, faultShare: 22);
        await using var scene = new Scene(ledger, $"episode {number}, engine", Seats, [], engineFolder);
        Directory.CreateDirectory(scene.Home.ModelFolder);
        foreach (var model in (string[])["one", "two"])
            ScriptedModel.Write(Path.Combine(scene.Home.ModelFolder, model + ".gguf"), new Script(EngineSays) { ContextLength = 16_384 });
        scene.EngineAnswers.Add(EngineSays);
        await PlayAsync(scene, steps, "one", EngineSays);

        static Fault Fault(Random random) => random.Next(10) switch
        {
            < 6 => EngineFaults.Draw(random),
            < 9 => SessionFaults.Draw(random, Seats),
            _ => FileFaults.Draw(random, withSettings: false),
        };
    }

    private static Random Random(Ledger ledger, int number) => new(unchecked((ledger.Seed * 31) + number));

    private static async Task PlayAsync(Scene scene, IReadOnlyList<Step> steps, string model, string answer)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            await Task.Delay(steps[i].Pause);
            scene.Step = $"step {i}: {steps[i].Words}";
            await steps[i].Act(scene);
        }
        scene.Step = $"step {steps.Count}: all is repaired";
        await scene.SettleAsync();
        await scene.AskEverybodyAsync(model, answer);
        scene.Step = $"step {steps.Count + 1}: everybody has left";
        await scene.LeaveAllAsync();
    }
}
