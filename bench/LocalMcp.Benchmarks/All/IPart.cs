using LocalMcp.Benchmarks.Results;

namespace LocalMcp.Benchmarks.All;

/// <summary>Rows that are measured together.</summary>
internal interface IPart
{
    /// <summary>As --only takes it.</summary>
    string Name { get; }

    /// <summary>The rows, in the order of the results.</summary>
    IReadOnlyList<RowHead> Rows { get; }

    /// <exception cref="NotMeasuredException">Something that it needs is not here.</exception>
    Task<Measured> MeasureAsync(BenchBed bed, CancellationToken cancellationToken);
}

/// <summary>What a part found.</summary>
internal sealed record Measured(IReadOnlyList<ResultRow> Rows, IReadOnlyList<Curve> Growth)
{
    public static Measured Of(params IReadOnlyList<ResultRow> rows) => new(rows, []);
}
