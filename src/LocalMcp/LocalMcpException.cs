namespace LocalMcp;

/// <summary>
/// A failure that we know and have words for. Its message is written for the reader (what happened, what is there, what to do next)
/// and is shown as it stands by the tools and the terminal. Anything else that is thrown is a defect and stays one.
/// </summary>
internal class LocalMcpException(string message, Exception? inner = null) : Exception(message, inner);
