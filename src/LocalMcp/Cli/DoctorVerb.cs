using LocalMcp.Doctor;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp doctor</c>: every check with a verdict and, where there is something to do, the next step. It changes nothing.</summary>
internal static class DoctorVerb
{
    /// <summary>1 when a check is bad, else 0.</summary>
    /// <param name="json">One JSON object instead of lines.</param>
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        await foreach (var found in Examinations.All(services).RunAsync(cancellationToken))
        {
            var check = InVerbs(found);
            checks.Add(check);
            if (!json)
                await WriteAsync(check, terminal.Results);
        }
        var report = Report.Of(checks);
        if (json)
            await terminal.Results.WriteLineAsync(report.ToJson());
        return report.Verdict == Verdict.Bad ? 1 : 0;
    }

    private static async Task WriteAsync(Check check, TextWriter results)
    {
        await results.WriteLineAsync($"{check.Verdict switch { Verdict.Good => "✓", Verdict.Note => "–", _ => "✗" }} {check.Title}: {check.Finding}");
        if (check.NextStep is { } step)
            await results.WriteLineAsync($"  {step}");
    }

    private static Check InVerbs(Check check) => check with { Finding = CommandLine.InVerbs(check.Finding), NextStep = check.NextStep is null ? null : CommandLine.InVerbs(check.NextStep) };
}
