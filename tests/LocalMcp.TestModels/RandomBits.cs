namespace LocalMcp.TestModels;

/// <summary>The same bits for the same seed, on every machine and every version of .NET (SplitMix64).</summary>
internal sealed class RandomBits(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
