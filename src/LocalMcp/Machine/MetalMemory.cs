namespace LocalMcp.Machine;

/// <summary>How much of unified memory macOS lets the GPU have: Metal's recommendedMaxWorkingSetSize.</summary>
internal static class MetalMemory
{
    private const long Gibibyte = 1L << 30;
    private const int FirstOfNewShares = 26;

    /// <summary>Bytes. The user's own limit (iogpu.wired_limit_mb, in MiB) where one is set, which Metal then says itself; else macOS's share.</summary>
    /// <param name="total">Bytes of memory.</param>
    /// <param name="wiredLimit">MiB; null or 0 for none.</param>
    /// <param name="version">Major version of macOS; null counts as an old one, whose shares are smaller.</param>
    public static long WorkingSet(long total, long? wiredLimit, int? version) =>
        wiredLimit > 0 ? Math.Min(total, wiredLimit.Value * 1024 * 1024) : (long)(total * (version >= FirstOfNewShares ? Share(total) : OldShare(total)));

    // Apple gives no rule. Metal says 10922.67 MiB of 16 GiB, 17179.89 MB of 24, 21845.34 MiB of 32, 28991.03 MB of 36 (macOS 15.7), 51539.61 MB of 64 and
    // 73728 MiB of 96: llama.cpp's logs, in its issues 1870, 2048 and 3213 and ollama's 434.
    private static double OldShare(long total) => total < 36 * Gibibyte ? 2.0 / 3 : 0.75;

    // From macOS 26 on it says 11.84 GiB of 16, 19069.67 MB of 24, 26800.60 MB of 32, 30150.67 MB of 36, 40200.90 MB of 48, 55662.79 MB of 64 and 107.52 GiB of
    // 128: llmfit's pull request 754, ds4's 893, logs of llama.cpp. A size between two counts as the smaller; below 16 nothing else than the old share was seen.
    private static double Share(long total) => (total / Gibibyte) switch
    {
        >= 128 => 0.84,
        >= 64 => 0.81,
        >= 32 => 0.78,
        >= 16 => 0.74,
        _ => 2.0 / 3,
    };
}
