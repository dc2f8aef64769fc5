using LLama.Native;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>What is to be answered.</summary>
/// <param name="MaxTokens">Null for as many as the context holds.</param>
internal sealed record ChatAsk(LLamaToken[] Prompt, int? MaxTokens, IReadOnlyList<string> Stops, SamplingChoice Sampling);
