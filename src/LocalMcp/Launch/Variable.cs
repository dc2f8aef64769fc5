namespace LocalMcp.Launch;

/// <summary>One variable of a client's environment, and what it is for.</summary>
/// <param name="Value">Null takes the variable away.</param>
/// <param name="Why">A phrase without a period.</param>
internal sealed record Variable(string Name, string? Value, string Why);
