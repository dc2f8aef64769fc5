using System.Collections.Concurrent;

namespace LocalMcp.Faults;

/// <summary>What was done in a run, and what broke. A break is told at once, with what repeats it.</summary>
internal sealed class Ledger(int seed)
{
    private readonly ConcurrentDictionary<string, int> faults = new();
    private readonly ConcurrentDictionary<string, int> endings = new();
    private readonly ConcurrentQueue<string> broken = new();

    public int Seed => seed;

    public int Broken => broken.Count;

    /// <summary>Counts a call by how it ended.</summary>
    public void Ended(string how) => endings.AddOrUpdate(how, 1, (_, count) => count + 1);

    /// <summary>Counts a fault by its kind.</summary>
    public void Struck(string kind) => faults.AddOrUpdate(kind, 1, (_, count) => count + 1);

    /// <summary>Tells what broke.</summary>
    /// <param name="where">The episode and the step.</param>
    /// <param name="what">Which invariant, and what was seen.</param>
    public void Break(string where, string what)
    {
        broken.Enqueue(what);
        Console.WriteLine($"BROKEN (seed {seed}, {where}): {what}");
    }

    /// <summary>The counts, kind by kind.</summary>
    public IEnumerable<string> Details() =>
    [
        $"  calls:  {string.Join(", ", endings.OrderByDescending(e => e.Value).Select(e => $"{e.Key} {e.Value}"))}",
        $"  faults: {string.Join(", ", faults.OrderByDescending(f => f.Value).Select(f => $"{f.Key} {f.Value}"))}",
    ];

    public string LastLine() => $"faults: {endings.Values.Sum()} calls, {faults.Values.Sum()} faults of {faults.Count} kinds, {broken.Count} broken (seed {seed})";
}
