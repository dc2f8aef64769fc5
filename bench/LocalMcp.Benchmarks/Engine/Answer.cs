namespace LocalMcp.Benchmarks.Engine;

/// <summary>One answer of a model, seen from the end that asked.</summary>
/// <param name="Took">From the question to the end of the answer.</param>
/// <param name="FirstToken">From the question to the first token; null where none was seen.</param>
internal sealed record Answer(int Tokens, TimeSpan Took, TimeSpan? FirstToken);
