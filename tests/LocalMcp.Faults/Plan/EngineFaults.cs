using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>What happens to the engine, its guard and its keeper.</summary>
internal static class EngineFaults
{
    /// <summary>Draws one.</summary>
    public static Fault Draw(Random random)
    {
        var role = (Role[])[Role.Engine, Role.Engine, Role.Keeper, Role.Guard];
        var (who, which, lasting) = (role[random.Next(role.Length)], random.Next(4), random.Next(50, 2_500));
        return random.Next(9) switch
        {
            < 4 => Sent(who, which, Signal.Kill),
            4 => Sent(who, which, Signal.Term),
            5 => Fault.Of("keeper's socket removed", "the keeper's socket is removed", RemoveSocket),
            _ => Paused(who, which, lasting),
        };
    }

    private static Fault Sent(Role who, int which, Signal signal) => Fault.Of($"{who} sent {signal}", $"{who} {which} gets {signal}", scene =>
    {
        if (Find(scene, who, which) is { } found)
            Proc.Send(found.Id, signal);
    });

    private static Fault Paused(Role who, int which, int lasting) => Fault.Of($"{who} stopped", $"{who} {which} stops for {lasting} ms", scene =>
    {
        if (Find(scene, who, which) is not { } found)
            return;
        Proc.Send(found.Id, Signal.Stop);
        scene.Later(lasting, () => Proc.Send(found.Id, Signal.Continue));
    });

    private static void RemoveSocket(Scene scene)
    {
        if (Directory.Exists(scene.Home.KeeperFolder))
            File.Delete(Path.Combine(scene.Home.KeeperFolder, "keeper.sock"));
    }

    private static Proc? Find(Scene scene, Role who, int which) => Proc.Of(scene.Home.Folder).Where(process => process.Role == who).ToList() is { Count: > 0 } found ? found[which % found.Count] : null;
}
