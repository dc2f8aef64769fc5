using System.Diagnostics;
using System.Runtime.InteropServices;
using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>The engine room, measured through the built program as a client runs it, against llama-server alone with the same flags.</summary>
internal static class EngineBenchmark
{
    public delegate Task<IReadOnlyList<Finding>> Measure(BenchHome home, EngineOptions options, CancellationToken cancellationToken);

    /// <summary>What is measured, in this order.</summary>
    public static readonly IReadOnlyDictionary<string, Measure> Parts = new OrderedDictionary<string, Measure>
    {
        ["memory"] = MemoryRow.MeasureAsync,
        ["speed"] = SpeedRows.MeasureAsync,
        ["prefix"] = PrefixRow.MeasureAsync,
        ["start"] = StartRows.MeasureAsync,
        ["added"] = AddedTimeRows.MeasureAsync,
    };

    public static async Task<int> RunAsync(EngineOptions options)
    {
        if (EngineProgram.Find(UserEnvironment.OfThisProcess, new Settings()) is not { } engine || Path.GetFileName(engine) != "llama-server")
        {
            await Console.Error.WriteLineAsync("There is no llama-server on PATH, so there is nothing to measure. `scripts/fetch-engine.sh artifacts/engine` fetches one.");
            return 1;
        }
        using var ending = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndInOrder);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndInOrder);
        try
        {
            var before = await LoadAsync();
            await using var home = new BenchHome(engine);
            BenchModels.Write(home, options.Model);
            List<Finding> findings = [];
            foreach (var (name, measure) in Parts.Where(part => options.Only is null || options.Only == part.Key))
            {
                await Console.Error.WriteLineAsync($"measuring: {name}");
                findings.AddRange(await measure(home, options, ending.Token));
            }
            FindingTable.Write(Console.Out, findings);
            Console.Out.WriteLine($"\n{options.Model} and a scripted model, {Environment.ProcessorCount} cores\nbefore: {before}\nafter:  {await LoadAsync()}");
            return 0;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return 130;
        }

        // Everything that was started is ended and removed on the way out.
        void EndInOrder(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    // How busy the machine is with other things.
    private static async Task<string> LoadAsync()
    {
        using var uptime = Process.Start(new ProcessStartInfo("uptime") { RedirectStandardOutput = true })!;
        return (await uptime.StandardOutput.ReadToEndAsync()).Trim();
    }
}
