using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace LocalMcp.Benchmarks;

/// <summary>The mean, for each byte of text in UTF-8: what makes long and short texts comparable.</summary>
internal sealed class NanosecondsPerByte : IColumn
{
    public string Id => nameof(NanosecondsPerByte);

    public string ColumnName => "ns/byte";

    public string Legend => "Mean time for one byte of text in UTF-8";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var row = (FilterRow)benchmarkCase.Parameters[nameof(FilterBenchmarks.Row)];
        var mean = summary[benchmarkCase]?.ResultStatistics?.Mean;
        return mean is null ? "-" : (mean.Value / row.Bytes).ToString("0.00", CultureInfo.InvariantCulture);
    }
}
