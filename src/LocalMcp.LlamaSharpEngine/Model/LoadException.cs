namespace LocalMcp.LlamaSharpEngine.Model;

/// <summary>A model that cannot be served, in a sentence with what to do.</summary>
internal sealed class LoadException(string message) : Exception(message);
