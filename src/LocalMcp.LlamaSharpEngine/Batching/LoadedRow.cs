using LocalMcp.LlamaSharpEngine.Model;

namespace LocalMcp.LlamaSharpEngine.Batching;

/// <summary>A row of the last batch for which the model computed the next token. Any other row would end the process.</summary>
internal readonly record struct LoadedRow(LoadedModel Model, int Index);
