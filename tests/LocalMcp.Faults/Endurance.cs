using System.Globalization;
using LocalMcp.Faults.Sessions;
using LocalMcp.Faults.World;

namespace LocalMcp.Faults;

/// <summary>What shows only after a while: a session that grows, and clocks that run out.</summary>
internal static class Endurance
{
    private const int Early = 200;
    private const int Late = 1_000;

    /// <summary>What the collector may hold between two collections, and a pool may keep: a leak of 30 KB a call would be more.</summary>
    private const long MemoryMargin = 24L * 1024 * 1024;

    private const int DescriptorMargin = 4;

    private static readonly string[] Mix =
    [
        """{"prompt":"hi"}""",
        """{"prompt":"hi","files":["note.txt"]}""",
        """{"prompt":"hi","model":"no-such-model"}""",
        """{"prompt":"hi","max_tokens":3}""",
    ];

    /// <summary>A thousand calls in one session: memory and descriptors after the last are those after two hundred, but for a margin.</summary>
    public static async Task GrowthAsync(Ledger ledger)
    {
        await using var scene = new Scene(ledger, "growth", 1, [("openai", "alpha")]);
        await scene.Backends[0].StartAsync();
        await scene.SeatAsync(0, new Era.Handshake(NamesRoots: false, AnswersRoots: false));
        var early = await AfterAsync(scene, 0, Early);
        var late = await AfterAsync(scene, Early, Late);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"growth: {early.Memory / 1048576.0:0.0} MiB and {early.Descriptors} descriptors after {Early} calls, {late.Memory / 1048576.0:0.0} MiB and {late.Descriptors} after {Late:N0}"));
        if (late.Memory > early.Memory + MemoryMargin)
            scene.Break($"the session grew from {early.Memory:N0} to {late.Memory:N0} bytes between call {Early} and call {Late}");
        if (late.Descriptors > early.Descriptors + DescriptorMargin)
            scene.Break($"the session has {late.Descriptors} descriptors after {Late} calls, and had {early.Descriptors} after {Early}");
        await scene.LeaveAllAsync();
    }

    /// <summary>A server that takes the question and never answers: the clock for the first token ends the call, by name. It takes a minute, beside the others.</summary>
    public static async Task ClocksAsync(Ledger ledger)
    {
        await using var scene = new Scene(ledger, "clocks", 1, [("openai", "alpha"), ("ollama", "beta")]);
        scene.Home.WithSettings("""{ "limits": { "first_token_minutes": 1, "silence_seconds": 2, "call_minutes": 2 } }""");
        await scene.Backends[0].StartAsync("hold-headers");
        await scene.Backends[1].StartAsync("hold-stream");
        await scene.SeatAsync(0, new Era.EachByItself(NamesRoots: false));
        scene.Struck("clock for the first token");
        scene.Struck("clock for silence");
        await Task.WhenAll(Expect(scene, "alpha", "limits.first_token_minutes"), Expect(scene, "beta", "limits.silence_seconds"));
        await scene.LeaveAllAsync();
    }

    private static async Task Expect(Scene scene, string model, string clock)
    {
        var ending = await scene.AskAsync(0, new CallPlan("tools/call", "chat", $$"""{"prompt":"hi","model":"{{model}}"}"""));
        if (ending is not null && !ending.Text.Contains(clock, StringComparison.Ordinal))
            scene.Break($"a call to {model} did not end with {clock}: {ending.How} {ending.Text}");
    }

    // Some at once, as agents do, every ninth given up; then the size when the session has come to rest.
    private static async Task<(long Memory, int Descriptors)> AfterAsync(Scene scene, int from, int to)
    {
        for (var call = from; call < to; call += 4)
        {
            var together = Enumerable.Range(call, 4).Select(number => scene.AskAsync(0, number % 11 == 10
                ? new CallPlan("tools/call", "list_models", "{}")
                : new CallPlan("tools/call", "chat", Mix[number % Mix.Length], number % 9 == 8 ? number % 5 : null)));
            await Task.WhenAll(together);
        }
        var sizes = new List<(long Memory, int Descriptors)>();
        for (var look = 0; look < 10; look++)
        {
            await Task.Delay(100);
            sizes.Add(scene.SizeOf(0));
        }
        return (sizes.Min(size => size.Memory), sizes.Min(size => size.Descriptors));
    }
}
