using LocalMcp.FakeServer;
using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>What happens to model servers, and to the way to them.</summary>
internal static class BackendFaults
{
    /// <summary>Draws one. It lasts three seconds at most.</summary>
    public static Fault Draw(Random random, int backends)
    {
        var (which, lasting) = (random.Next(backends), random.Next(100, 3_000));
        return random.Next(11) switch
        {
            0 => Killed(which, lasting),
            1 => Stopped(which, lasting),
            2 or 3 or 4 => Odd(random, which, lasting),
            5 => Fault.Of("connections reset", $"connections to backend {which} reset", scene => scene.Backends[which].Relay.ResetAll()),
            _ => Bent(random, which, lasting),
        };
    }

    private static Fault Killed(int which, int lasting) => Fault.Of("backend killed", $"backend {which} killed for {lasting} ms", scene =>
    {
        scene.Backends[which].Kill();
        scene.Later(lasting, () => scene.Backends[which].StartAsync());
    });

    private static Fault Stopped(int which, int lasting) => Fault.Of("backend stopped", $"backend {which} stopped for {lasting} ms", scene =>
    {
        scene.Backends[which].Send(Signal.Stop);
        scene.Later(lasting, () => scene.Backends[which].Send(Signal.Continue));
    });

    // Another server at the same address.
    private static Fault Odd(Random random, int which, int lasting)
    {
        var scenario = Scenarios.All[random.Next(Scenarios.All.Count)].Name;
        string[] knobs = random.Next(3) == 0 ? ["--bytes-per-write", $"{random.Next(1, 40)}"] : [];
        return new Fault($"backend as {scenario}", $"backend {which} becomes {scenario} {string.Join(' ', knobs)} for {lasting} ms", async scene =>
        {
            await scene.Backends[which].StartAsync(scenario, knobs);
            scene.Later(lasting, () => scene.Backends[which].StartAsync());
        });
    }

    private static Fault Bent(Random random, int which, int lasting)
    {
        var noise = new byte[random.Next(1, 300)];
        random.NextBytes(noise);
        (string Kind, RelayMode Mode) bend = random.Next(8) switch
        {
            0 => ("late", new RelayMode.Late(random.Next(1, 400))),
            1 => ("byte by byte", new RelayMode.Dribble()),
            2 => ("cut", new RelayMode.Cut(random.Next(4_000), Reset: true)),
            3 => ("ended early", new RelayMode.Cut(random.Next(4_000), Reset: false)),
            4 => ("garbage", new RelayMode.Garbage(random.Next(3_000), noise)),
            5 => ("refused", new RelayMode.Refuse()),
            6 => ("swallowed", new RelayMode.Swallow()),
            _ => ("endless headers", new RelayMode.EndlessHeaders()),
        };
        return Fault.Of($"connections {bend.Kind}", $"the way to backend {which}: {bend.Mode} for {lasting} ms", scene =>
        {
            var relay = scene.Backends[which].Relay;
            relay.Mode = bend.Mode;
            scene.Later(lasting, () =>
            {
                relay.Mode = new RelayMode.Pass();
                // Whoever was swallowed is let go.
                if (bend.Mode is RelayMode.Swallow)
                    relay.ResetAll();
            });
        });
    }
}
