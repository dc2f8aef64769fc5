using BenchmarkDotNet.Running;
using LocalMcp.Benchmarks;
using LocalMcp.Benchmarks.All;
using LocalMcp.Benchmarks.Engine;

switch (args)
{
    case ["all", .. var words] when AllOptions.Of(words) is { } options:
        return await AllBenchmark.RunAsync(options);
    case ["charts"]:
        return ChartsCommand.Run(check: false);
    case ["charts", "--check"]:
        return ChartsCommand.Run(check: true);
    case ["filter"]:
        BenchmarkRunner.Run<FilterBenchmarks>(new FilterConfig());
        return 0;
    case ["filter", "--quick"]:
        QuickTable.Write(Console.Out);
        return 0;
    case ["engine", .. var words] when EngineOptions.Of(words) is { } engine:
        return await EngineBenchmark.RunAsync(engine);
    default:
        Console.Error.WriteLine($"""
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- all               some twelve minutes: every figure of docs/performance.md, beside its opponent, into bench/results
                [--quick]          some three minutes, with few runs, into artifacts/bench-results
                [--only PARTS]     some of {string.Join(", ", AllBenchmark.Names)}, separated by commas
                [--model SIZE]     another random model than 0.5B
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- charts            draws docs/charts and fills the table of docs/performance.md from bench/results
                [--check]          writes nothing, and says what differs
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- filter            minutes, with errors of measurement
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- filter --quick    seconds, as a table in Markdown
            dotnet run -c Release --project bench/LocalMcp.Benchmarks -- engine            a quarter of an hour: sessions and engine as processes, against llama-server alone
                [--quick]          a minute or two, with few runs
                [--only PART]      one of memory, speed, prefix, start, added
                [--model SIZE]     another random model than 0.5B: 10M, 100M, 1B, 1.5B, 3B …
            LOCAL_MCP_PROGRAM names another local-mcp to measure, for example an installed one, than the one that was built along (engine) or is published for it (all).
            """);
        return 2;
}
