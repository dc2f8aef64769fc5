using System.Globalization;
using System.Runtime.InteropServices;
using LocalMcp.Benchmarks.Engine;
using LocalMcp.Benchmarks.Results;
using LocalMcp.Keeper;
using LocalMcp.State;

namespace LocalMcp.Benchmarks.All;

/// <summary>Everything that docs/performance.md tells, in one run, each thing beside its opponent; the results go to bench/results.</summary>
internal static class AllBenchmark
{
    // The filter comes last: its texts fill this process's memory.
    private static readonly IPart[] Parts =
    [
        new StartPart(), new SurfacePart(), new AddedTimePart(), new StreamPart(), new ParallelPart(), new SecondQuestionPart(), new SessionsPart(), new ClientTokensPart(), new GrowthPart(), new FilterPart(),
    ];

    public static IReadOnlyList<string> Names => [.. Parts.Select(part => part.Name)];

    public static async Task<int> RunAsync(AllOptions options)
    {
        using var ending = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndInOrder);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndInOrder);
        try
        {
            var set = await MeasureAsync(options, ending.Token);
            await WriteAsync(set, options.Quick);
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

    private static async Task<ResultSet> MeasureAsync(AllOptions options, CancellationToken cancellationToken)
    {
        var engine = EngineProgram.Find(UserEnvironment.OfThisProcess, new Settings()) is { } found && Path.GetFileName(found) == "llama-server" ? found : null;
        using var program = await PublishedProgram.GetAsync(cancellationToken);
        BenchSession.Program = program.Path;
        var (sheet, versions, commit, before) = (ThisMachine.Sheet(), await ThisMachine.VersionsAsync(program, engine), await ThisMachine.CommitAsync(program), await ThisMachine.LoadAsync());
        await using var bed = new BenchBed(options, engine);
        List<Measured> measured = [];
        foreach (var part in Parts.Where(part => options.Wants(part.Name)))
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss} measuring: {part.Name}"));
            measured.Add(await MeasureAsync(part, bed, cancellationToken));
        }
        var rows = measured.SelectMany(part => part.Rows).Select(row => row with { Commit = commit, Quick = options.Quick }).ToList();
        var growth = measured.SelectMany(part => part.Growth).Select(curve => curve with { Commit = commit, Quick = options.Quick }).ToList();
        return new ResultSet(DateTime.Now.ToString("yyyy-MM", CultureInfo.InvariantCulture), sheet, versions, before, await ThisMachine.LoadAsync(), rows, growth);
    }

    // A part that fails leaves the others their time.
    private static async Task<Measured> MeasureAsync(IPart part, BenchBed bed, CancellationToken cancellationToken)
    {
        try
        {
            return await part.MeasureAsync(bed, cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(failed is NotMeasuredException ? $"{part.Name}: {failed.Message}" : failed.ToString());
            var why = failed is NotMeasuredException ? failed.Message : $"the measurement failed ({failed.GetType().Name})";
            return Measured.Of([.. part.Rows.Select(row => row.NotMeasured(why))]);
        }
    }

    // Few runs must not take the place of many: what was measured quickly goes where nothing is committed from.
    private static async Task WriteAsync(ResultSet set, bool quick)
    {
        Console.Out.WriteLine(ResultTable.Page(set));
        var folder = Directory.CreateDirectory(Path.Combine(quick ? Repository.QuickResults : Repository.Results, set.Machine.Name)).FullName;
        var file = Path.Combine(folder, ResultSet.FileName);
        var all = File.Exists(file) ? Merged(ResultSet.Read(file), set) : set;
        await File.WriteAllTextAsync(file, all.ToJson());
        await File.WriteAllTextAsync(Path.Combine(folder, "results.md"), ResultTable.Page(all));
        await Console.Error.WriteLineAsync($"written: {Path.GetRelativePath(Environment.CurrentDirectory, folder)}");
    }

    // A run of some parts replaces these, and leaves the others as they were measured last.
    private static ResultSet Merged(ResultSet old, ResultSet now)
    {
        var order = Parts.SelectMany(part => part.Rows).Select(row => row.Id).ToList();
        var rows = now.Rows.Concat(old.Rows.Where(row => now.Rows.All(other => other.Id != row.Id) && order.Contains(row.Id))).OrderBy(row => order.IndexOf(row.Id));
        var growth = now.Growth.Concat(old.Growth.Where(curve => now.Growth.All(other => other.Id != curve.Id))).OrderBy(curve => curve.Id, StringComparer.Ordinal);
        return now with { Rows = [.. rows], Growth = [.. growth] };
    }
}
