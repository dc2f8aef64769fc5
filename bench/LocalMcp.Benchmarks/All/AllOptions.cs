using LocalMcp.TestModels;

namespace LocalMcp.Benchmarks.All;

/// <summary>What is asked for on the command line.</summary>
/// <param name="Quick">Some three minutes, with few runs: enough to see that something is far off.</param>
/// <param name="Model">Size of the random model: 10M, 100M, 0.5B, 1B …</param>
/// <param name="Only">The names of the parts to measure; null for all.</param>
internal sealed record AllOptions(bool Quick, string Model, IReadOnlyList<string>? Only = null)
{
    private const string Usual = "0.5B";

    /// <summary>Null when the words mean nothing.</summary>
    public static AllOptions? Of(ReadOnlySpan<string> words) => words switch
    {
        [] => new AllOptions(Quick: false, Usual),
        ["--quick", .. var rest] => Of(rest) is { } options ? options with { Quick = true } : null,
        ["--model", var size, .. var rest] when RandomShape.Names.Contains(size, StringComparer.OrdinalIgnoreCase) => Of(rest) is { } options ? options with { Model = size } : null,
        ["--only", var parts, .. var rest] when parts.Split(',').All(AllBenchmark.Names.Contains) => Of(rest) is { } options ? options with { Only = [.. parts.Split(','), .. options.Only ?? []] } : null,
        _ => null,
    };

    /// <summary>How often something is measured.</summary>
    public int Runs(int full, int quick) => Quick ? quick : full;

    public bool Wants(string part) => Only is null || Only.Contains(part);
}
