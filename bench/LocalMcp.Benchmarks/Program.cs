using BenchmarkDotNet.Running;
using LocalMcp.Benchmarks;

switch (args)
{
    case ["filter"]:
        BenchmarkRunner.Run<FilterBenchmarks>(new FilterConfig());
        return 0;
    case ["filter", "--quick"]:
        QuickTable.Write(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("""
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- filter            minutes, with errors of measurement
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- filter --quick    seconds, as a table in Markdown
            """);
        return 2;
}
