namespace LocalMcp.LlamaSharpEngine.Cli;

/// <summary>A command line that cannot be followed, in a sentence for whoever wrote it.</summary>
internal sealed class WrongArgumentsException(string message) : Exception(message);
