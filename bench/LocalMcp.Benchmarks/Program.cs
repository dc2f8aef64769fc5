using BenchmarkDotNet.Running;
using LocalMcp.Benchmarks;
using LocalMcp.Benchmarks.Engine;

switch (args)
{
    case ["filter"]:
        BenchmarkRunner.Run<FilterBenchmarks>(new FilterConfig());
        return 0;
    case ["filter", "--quick"]:
        QuickTable.Write(Console.Out);
        return 0;
    case ["engine", .. var words] when EngineOptions.Of(words) is { } options:
        return await EngineBenchmark.RunAsync(options);
    default:
        Console.Error.WriteLine("""
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- filter            minutes, with errors of measurement
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- filter --quick    seconds, as a table in Markdown
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- engine            a quarter of an hour: sessions and engine as processes, against llama-server alone
                [--quick]          a minute or two, with few runs
                [--only PART]      one of memory, speed, prefix, start, added
                [--model SIZE]     another random model than 0.5B: 10M, 100M, 1B, 1.5B, 3B …
            LOCAL_MCP_PROGRAM names another local-mcp to measure than the one that was built along, for example an installed one.
            """);
        return 2;
}
