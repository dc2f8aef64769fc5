namespace LocalMcp.Chat;

/// <summary>One question to a local model.</summary>
/// <param name="Prompt">The user's part. Not empty.</param>
/// <param name="System">The system's part, or empty.</param>
/// <param name="Model">Exact name, number of the list, or a unique fragment; empty means the active model.</param>
/// <param name="MaxTokens">The most tokens to generate, reasoning included; 0 leaves it to the backend.</param>
/// <param name="Think">Whether the model may reason before it answers. Its reasoning is never part of the answer.</param>
internal sealed record ChatRequest(string Prompt, string System = "", string Model = "", int MaxTokens = 0, bool Think = false);
