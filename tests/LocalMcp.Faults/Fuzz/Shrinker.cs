using System.Diagnostics;

namespace LocalMcp.Faults.Fuzzing;

/// <summary>Takes away from an input what its failure does not need.</summary>
internal static class Shrinker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="fails">Whether an input fails in the same way.</param>
    public static async Task<byte[]> ShrinkAsync(byte[] input, Func<byte[], Task<bool>> fails)
    {
        var started = Stopwatch.GetTimestamp();
        for (var size = input.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length && Stopwatch.GetElapsedTime(started) < Patience;)
            {
                byte[] less = [.. input[..at], .. input[(at + size)..]];
                if (await fails(less))
                    input = less;
                else
                    at += size;
            }
        }
        return input;
    }
}
