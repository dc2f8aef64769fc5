using LocalMcp.Stats;
using Microsoft.Extensions.DependencyInjection;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp stats</c>: what was done locally, how fast, and what it spared the client's context.</summary>
internal static class StatsVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, int days)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var calls = services.GetRequiredService<CallLog>().Since(clock.GetUtcNow().AddDays(-days)).ToList();
        await terminal.Results.WriteLineAsync(StatsText.Of(calls, days, clock.LocalTimeZone));
        return 0;
    }
}
