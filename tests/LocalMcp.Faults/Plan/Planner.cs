using LocalMcp.Faults.Sessions;
using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>Draws all steps of an episode: calls at random seats, and faults between them.</summary>
internal static class Planner
{
    /// <summary>Steps for as long as this.</summary>
    /// <param name="seats">How many sessions there are at a time.</param>
    /// <param name="models">What calls may ask for.</param>
    /// <param name="fault">Draws a fault.</param>
    /// <param name="faultShare">Faults of a hundred steps.</param>
    public static IReadOnlyList<Step> Draw(Random random, TimeSpan length, int seats, IReadOnlyList<string> models, Func<Random, Fault> fault, int faultShare)
    {
        var calls = new RandomCalls(random, models);
        List<Step> steps = [.. Enumerable.Range(0, seats).Select(seat => Sit(seat, SessionFaults.Era(random)))];
        for (var left = (int)length.TotalMilliseconds; left > 0; left -= steps[^1].Pause)
        {
            var pause = random.Next(4) == 0 ? 0 : random.Next(1, 220);
            steps.Add(random.Next(100) < faultShare ? Strike(pause, fault(random)) : Call(pause, random.Next(seats), calls.Next()));
        }
        return steps;
    }

    private static Step Sit(int seat, Era era) => new(0, $"session {seat} begins as {era}", scene => scene.SeatAsync(seat, era));

    private static Step Call(int pause, int seat, CallPlan plan) => new(pause, $"session {seat} calls {plan}", scene =>
    {
        scene.Call(seat, plan);
        return Task.CompletedTask;
    });

    private static Step Strike(int pause, Fault fault) => new(pause, fault.Words, scene =>
    {
        scene.Struck(fault.Kind);
        return fault.Strike(scene);
    });
}
