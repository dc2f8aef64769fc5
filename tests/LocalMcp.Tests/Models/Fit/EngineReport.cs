using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Models.Fit;

/// <summary>What the real llama-server says that it will take of memory, before it loads anything: so a hollow file of any size will do. In MiB.</summary>
internal sealed partial record EngineReport(double Cache, double Recurrent, double Compute)
{
    /// <summary>Starts it with these arguments, reads what it projects, and ends it.</summary>
    public static async Task<EngineReport> OfAsync(string engine, string model, string socketFolder, params string[] arguments)
    {
        var socket = Path.Combine(socketFolder, $"{Guid.NewGuid():N}"[..8] + ".sock");
        var start = new ProcessStartInfo(Path.Combine(engine, "llama-server"), ["--model", model, "--host", socket, "--threads", "1", "--verbose", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            return await ReadAsync(process.StandardError);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<EngineReport> ReadAsync(StreamReader lines)
    {
        var (cache, recurrent, said) = (0.0, 0.0, new List<string>());
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (Kept().Match(line) is { Success: true } kept)
            {
                var recurs = kept.Groups[1].Value == "llama_memory_recurrent";
                (cache, recurrent) = (cache + (recurs ? 0 : Number(kept)), recurrent + (recurs ? Number(kept) : 0));
            }
            else if (Computes().Match(line) is { Success: true } compute)
            {
                return new EngineReport(cache, recurrent, Number(compute));
            }
        }
        Assert.Fail(string.Join('\n', said.TakeLast(10)));
        throw new UnreachableException();
    }

    private static double Number(Match match) => double.Parse(match.Groups["mib"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(llama_kv_cache|llama_memory_recurrent): size = +(?<mib>[\d.]+) MiB")]
    private static partial Regex Kept();

    [GeneratedRegex(@"sched_reserve: +\S+ compute buffer size = +(?<mib>[\d.]+) MiB")]
    private static partial Regex Computes();
}
