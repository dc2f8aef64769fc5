using LocalMcp.TestModels;

namespace LocalMcp.Benchmarks.Engine;

/// <summary>What is asked for on the command line.</summary>
/// <param name="Quick">A minute or two, with few runs: enough to see that something is far off.</param>
/// <param name="Model">Size of the random model: 10M, 100M, 0.5B, 1B …</param>
/// <param name="Only">The name of the one part to measure; null for all.</param>
internal sealed record EngineOptions(bool Quick, string Model, string? Only = null)
{
    private const string Usual = "0.5B";

    /// <summary>Null when the words mean nothing.</summary>
    public static EngineOptions? Of(ReadOnlySpan<string> words) => words switch
    {
        [] => new EngineOptions(Quick: false, Usual),
        ["--quick", .. var rest] => Of(rest) is { } options ? options with { Quick = true } : null,
        ["--model", var size, .. var rest] when RandomShape.Names.Contains(size, StringComparer.OrdinalIgnoreCase) => Of(rest) is { } options ? options with { Model = size } : null,
        ["--only", var part, .. var rest] when EngineBenchmark.Parts.ContainsKey(part) => Of(rest) is { } options ? options with { Only = part } : null,
        _ => null,
    };

    /// <summary>How often something is measured.</summary>
    public int Runs(int full, int quick) => Quick ? quick : full;
}
