using System.Diagnostics;
using System.Security.Cryptography;
using LocalMcp.Tests.Support;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>One fuzzer at work: its corpus as it is, then so many inputs made of it.</summary>
/// <param name="seed">Round n uses seed + n: <c>--seed</c> with that sum and <c>--rounds 1</c> repeats one round.</param>
internal sealed class FuzzRun(Fuzzer fuzzer, int seed, int rounds)
{
    private const int MostFailures = 5;

    // Every so many rounds something sound is read.
    private const int Sound = 4;

    // Bytes that each byte of an input may cost: it is read several times, and cut into many pieces.
    private const long PerByte = 512;

    private readonly Dictionary<string, string> failures = [];
    private TimeSpan slowest;
    private int tried;

    /// <returns>Whether every input was read or refused in order.</returns>
    public async Task<bool> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var corpus = Corpus();
        foreach (var (name, input) in corpus)
            await TryAsync(input, seed, $"corpus {name}");
        foreach (var (index, input) in fuzzer.Hostile().Index())
            await TryAsync(input, seed, $"hostile {index}");
        var mutator = new Mutator([.. corpus.Select(entry => entry.Input)], fuzzer.Tokens);
        for (var round = 0; round < rounds && failures.Count < MostFailures; round++)
        {
            var random = new Random(unchecked(seed + round));
            if (round % Sound == Sound - 1)
                await TrySoundAsync(random, unchecked(seed + round));
            await TryAsync(mutator.Next(random), unchecked(seed + round), $"round {round}");
        }
        Console.WriteLine($"fuzz {fuzzer.Name}: {tried:N0} inputs in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s, the slowest {slowest.TotalMilliseconds:F0} ms, {failures.Count} broken (seed {seed})");
        return failures.Count == 0;
    }

    private List<(string Name, byte[] Input)> Corpus()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Corpus", fuzzer.Name);
        var kept = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))) : [];
        return [.. kept, .. fuzzer.MadeCorpus().Select((input, index) => ($"made {index}", input))];
    }

    private async Task TryAsync(byte[] input, int random, string origin)
    {
        tried++;
        var started = Stopwatch.GetTimestamp();
        if (await FailureAsync(input, random) is not { } failure)
        {
            var time = Stopwatch.GetElapsedTime(started);
            slowest = time > slowest ? time : slowest;
            return;
        }
        if (!failures.TryAdd(Kind(failure), origin))
            return;
        var small = failure is TimeoutException ? input : await Shrinker.ShrinkAsync(input, async less => await FailureAsync(less, random) is { } other && Kind(other) == Kind(failure));
        Console.WriteLine($"fuzz {fuzzer.Name}: broken, {origin} (--seed {random} --rounds 1), kept in {Keep(small)}\n{failure}\n");
    }

    private async Task TrySoundAsync(Random random, int seed)
    {
        try
        {
            await Task.Run(() => fuzzer.TrySoundAsync(random)).WaitAsync(fuzzer.Longest);
        }
        catch (Exception failure)
        {
            if (failures.TryAdd("sound " + Kind(failure), "sound"))
                Console.WriteLine($"fuzz {fuzzer.Name}: something sound was not understood (--seed {seed - Sound + 1} --rounds {Sound})\n{failure}\n");
        }
    }

    private async Task<Exception?> FailureAsync(byte[] input, int random)
    {
        var before = GC.GetTotalAllocatedBytes();
        try
        {
            await Task.Run(() => fuzzer.TryAsync(input, new Random(random))).WaitAsync(fuzzer.Longest);
            var cost = GC.GetTotalAllocatedBytes() - before;
            return cost <= fuzzer.MostBytes + (PerByte * input.Length) ? null : new BrokenException($"too dear: an input of {input.Length:N0} bytes cost {cost:N0}");
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    // Two failures are the same when they come from the same place.
    private static string Kind(Exception failure) =>
        failure.GetType().Name + " " + (failure.StackTrace ?? "").Split('\n').FirstOrDefault(line => line.Contains("LocalMcp.", StringComparison.Ordinal) && !line.Contains(nameof(BrokenException), StringComparison.Ordinal))?.Trim() + (failure is BrokenException ? failure.Message.Split(':')[0] : "");

    private string Keep(byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "fuzz", fuzzer.Name)).FullName;
        var file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..12]);
        File.WriteAllBytes(file, input);
        return file;
    }
}
