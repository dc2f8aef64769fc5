using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace LocalMcp.Benchmarks;

/// <summary>Short and in this process: it ends within minutes, and builds nothing.</summary>
internal sealed class FilterConfig : ManualConfig
{
    private const int WidestRow = 80;

    public FilterConfig()
    {
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(100)));
        AddLogger(ConsoleLogger.Default);
        AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)));
        AddColumnProvider(DefaultColumnProviders.Params, DefaultColumnProviders.Statistics, DefaultColumnProviders.Metrics);
        AddColumn(new NanosecondsPerByte());
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(WidestRow));
        WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
        WithOptions(ConfigOptions.DisableLogFile);
    }
}
