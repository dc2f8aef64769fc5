namespace LocalMcp.LlamaSharpEngine.Prompt;

internal sealed record ChatMessage(string Role, string Content);
