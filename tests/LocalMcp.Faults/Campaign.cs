using LocalMcp.Faults.World;
using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Faults;

/// <summary>Sessions at work while their world breaks.</summary>
internal static class Campaign
{
    /// <returns>Whether every invariant held.</returns>
    public static async Task<bool> RunAsync(RunOptions options)
    {
        var ledger = new Ledger(options.Seed);
        if (options.Episode is { } only)
        {
            await EpisodeAsync(ledger, only, Engine());
        }
        else
        {
            var begun = TimeProvider.System.GetTimestamp();
            var clocks = Endurance.ClocksAsync(ledger);
            await Endurance.GrowthAsync(ledger);
            var engine = Engine();
            for (var number = 0; TimeProvider.System.GetElapsedTime(begun) < options.Time; number++)
                await EpisodeAsync(ledger, number, engine);
            await clocks;
        }
        foreach (var line in ledger.Details())
            Console.WriteLine(line);
        Console.WriteLine(ledger.LastLine());
        return ledger.Broken == 0;
    }

    // Every third one is about the engine, where there is one.
    private static async Task EpisodeAsync(Ledger ledger, int number, string? engine)
    {
        try
        {
            await (engine is not null && number % 3 == 1 ? Episode.EngineAsync(ledger, number, engine) : Episode.BackendsAsync(ledger, number));
        }
        catch (Exception defect)
        {
            ledger.Break($"episode {number}", $"the campaign itself failed: {defect}");
        }
    }

    private static string? Engine()
    {
        var program = EngineProgram.Find(UserEnvironment.OfThisProcess, new Settings());
        Console.WriteLine(program is null ? "No llama-server on PATH: the episodes about the engine are skipped." : $"The engine is {program}.");
        return Path.GetDirectoryName(program);
    }
}
