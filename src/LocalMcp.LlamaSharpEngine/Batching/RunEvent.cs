using LocalMcp.LlamaSharpEngine.Server;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>What becomes of a run, in order: progress, then text, then one end.</summary>
internal abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>So many tokens of the prompt have been read, those counted that were known before.</summary>
    internal sealed record PromptRead(int Total, int Cached, int Processed, double Milliseconds) : RunEvent;

    internal sealed record Text(string Piece) : RunEvent;

    internal sealed record Finished(bool AtLimit, RunTimings Timings) : RunEvent;

    internal sealed record Failed(RequestError Error) : RunEvent;
}
