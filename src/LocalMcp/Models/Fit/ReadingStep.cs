namespace LocalMcp.Models.Fit;

/// <summary>
/// How many tokens of a prompt the engine reads in one step. Only between two steps does llama-server hear that a call was cancelled, tell how far it is,
/// and write a token of the other answers: with its own 2,048 tokens a step takes ten seconds and more on a processor (docs/engine.md has the figures).
/// </summary>
internal static class ReadingStep
{
    // What llama.cpp computes at once anyway: a GPU reads faster with as many, and not faster with more.
    private const int OnGpu = 512;

    // A processor reads nearly as fast with few tokens as with many.
    private const int OnProcessor = 32;

    /// <param name="gpu">Whether there is one; null where nobody says, and then it is not slowed down.</param>
    public static int For(bool? gpu) => gpu == false ? OnProcessor : OnGpu;
}
