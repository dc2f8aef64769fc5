using LocalMcp.Faults.Sessions;
using LocalMcp.Faults.World;

namespace LocalMcp.Faults.Plan;

/// <summary>What happens to sessions in the middle of whatever they do.</summary>
internal static class SessionFaults
{
    /// <summary>Draws one. The seat is taken again by another session.</summary>
    public static Fault Draw(Random random, int seats)
    {
        var (seat, era) = (random.Next(seats), Era(random));
        return random.Next(8) switch
        {
            0 => Leaves("session closed", "closes its input", seat, era, "", scene => scene.LeaveAsync(seat)),
            1 => Leaves("session sent SIGTERM", "gets SIGTERM", seat, era, "", scene => scene.EndAsync(seat, Signal.Term)),
            2 => Leaves("session sent SIGINT", "gets SIGINT", seat, era, "", scene => scene.EndAsync(seat, Signal.Int)),
            3 or 4 => Leaves("session killed", "gets SIGKILL", seat, era, "", scene => scene.EndAsync(seat, Signal.Kill)),
            5 => Few(random, seat, era),
            6 => Small(random, seat, era),
            _ => Paused(seat, random.Next(50, 2_500)),
        };
    }

    /// <summary>Draws how a client speaks.</summary>
    public static Era Era(Random random) => random.Next(5) switch
    {
        0 => new Era.Handshake(NamesRoots: false, AnswersRoots: false),
        1 => new Era.Handshake(NamesRoots: true, AnswersRoots: false),
        2 => new Era.Handshake(NamesRoots: true, AnswersRoots: true),
        3 => new Era.EachByItself(NamesRoots: false),
        _ => new Era.EachByItself(NamesRoots: true),
    };

    private static Fault Leaves(string kind, string words, int seat, Era era, string limits, Func<Scene, Task> end) => new(kind, $"session {seat} {words}", async scene =>
    {
        await end(scene);
        await scene.SeatAsync(seat, era, limits);
    });

    private static Fault Few(Random random, int seat, Era era)
    {
        // A program that is not trimmed needs some 150 for the files of its own code.
        var most = random.Next(200, 280);
        return Leaves("few descriptors", $"is replaced by one that may open {most} files", seat, era, $"ulimit -n {most}", scene => scene.LeaveAsync(seat));
    }

    // In blocks of 512 bytes. 0 is a full disk for everything that it writes. The runtime itself writes code to a file in memory, which counts, unless it is told otherwise.
    private static Fault Small(Random random, int seat, Era era)
    {
        var most = random.Next(4);
        return Leaves("full disk", $"is replaced by one whose files may grow to {most * 512} bytes", seat, era, $"export DOTNET_EnableWriteXorExecute=0; {(random.Next(2) == 0 ? "trap '' XFSZ; " : "")}ulimit -f {most}", scene => scene.LeaveAsync(seat));
    }

    private static Fault Paused(int seat, int lasting) => Fault.Of("session stopped", $"session {seat} stops for {lasting} ms", scene => scene.Pause(seat, lasting));
}
