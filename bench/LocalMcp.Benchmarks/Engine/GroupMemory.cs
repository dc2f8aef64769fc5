using System.Globalization;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>What all processes of a group of sessions take together, in MB of 10⁶ bytes.</summary>
internal sealed record GroupMemory(double Sessions, double Keeper, double Guard, double Engine)
{
    private const double Megabyte = 1_000_000;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    public double All => Sessions + Keeper + Guard + Engine;

    /// <summary>Lets the group grow to so many sessions, each with a lease on the engine, and measures when all has settled.</summary>
    public static async Task<GroupMemory> OfAsync(BenchHome home, SessionGroup sessions, int count, CancellationToken cancellationToken)
    {
        await sessions.GrowAsync(count, BenchModels.Heavy, cancellationToken);
        await Task.Delay(Settled, cancellationToken);
        var status = await home.StatusAsync(cancellationToken);
        var engine = status.Residents[0].ProcessId ?? throw new InvalidOperationException("The keeper does not know its engine's process.");
        var guards = ProcessMemory.WithChildren(status.ProcessId).Where(id => id != status.ProcessId && id != engine);
        return new GroupMemory(sessions.All.Sum(session => Megabytes(session.ProcessId)), Megabytes(status.ProcessId), guards.Sum(Megabytes), Megabytes(engine));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"sessions {Sessions:0.0} MB, keeper {Keeper:0.0}, guard {Guard:0.0}, engine {Engine:0.0}");

    private static double Megabytes(int processId) => ProcessMemory.Of(processId) / Megabyte;
}
