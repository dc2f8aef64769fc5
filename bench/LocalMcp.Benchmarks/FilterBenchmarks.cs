using BenchmarkDotNet.Attributes;

namespace LocalMcp.Benchmarks;

/// <summary>The filter under BenchmarkDotNet, which asks for a public class that is not sealed.</summary>
public class FilterBenchmarks
{
    private FilterWork? work;

    public static IEnumerable<object> Rows => FilterRow.All;

    /// <summary>A <see cref="FilterRow"/>, which is internal.</summary>
    [ParamsSource(nameof(Rows))]
    public object? Row { get; set; }

    [GlobalSetup]
    public void Prepare() => work = new FilterWork((FilterRow)Row!);

    [Benchmark]
    public int Filter() => work!.Run();
}
