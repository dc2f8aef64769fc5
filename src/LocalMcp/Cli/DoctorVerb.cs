using LocalMcp.Doctor;

namespace LocalMcp.Cli;

/// <summary><c>local-mcp doctor</c>: every check with a verdict and, where there is something to do, the next step. It changes nothing.</summary>
internal static class DoctorVerb
{
    /// <summary>1 when a check is bad, else 0.</summary>
    /// <param name="json">One JSON object instead of lines.</param>
    public static async Task<int> RunAsync(IServiceProvider services, Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        var checks = await Examinations.All(services).RunAsync(cancellationToken);
        var report = Report.Of([.. checks.Select(InVerbs)]);
        if (json)
            await terminal.Results.WriteLineAsync(report.ToJson());
        else
            await WriteAsync(report.Checks, terminal.Results);
        return report.Verdict == Verdict.Bad ? 1 : 0;
    }

    private static async Task WriteAsync(IReadOnlyList<Check> checks, TextWriter results)
    {
        foreach (var check in checks)
        {
            await results.WriteLineAsync($"{check.Verdict switch { Verdict.Good => "✓", Verdict.Note => "–", _ => "✗" }} {check.Title}: {check.Finding}");
            if (check.NextStep is { } step)
                await results.WriteLineAsync($"  {step}");
        }
    }

    private static Check InVerbs(Check check) => check with { Finding = CommandLine.InVerbs(check.Finding), NextStep = check.NextStep is null ? null : CommandLine.InVerbs(check.NextStep) };
}
