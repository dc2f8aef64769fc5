namespace LocalMcp.Benchmarks.Engine;

/// <summary>What a tool said.</summary>
/// <param name="Took">From the written line to the answer's.</param>
internal sealed record ToolCall(string Text, TimeSpan Took);
