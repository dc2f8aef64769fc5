namespace LocalMcp.Faults.Sessions;

/// <summary>A call as it is planned.</summary>
/// <param name="Method">tools/call, or another method.</param>
/// <param name="Tool">The tool, or empty.</param>
/// <param name="Arguments">JSON: the tool's arguments, or the method's parameters.</param>
/// <param name="CancelAfter">Milliseconds after which the client no longer wants it; null where it waits.</param>
internal sealed record CallPlan(string Method, string Tool, string Arguments, int? CancelAfter = null)
{
    /// <summary>The beginning of it, for reports.</summary>
    public override string ToString() => $"{(Tool.Length > 0 ? Tool : Method)} {(Arguments.Length > 120 ? Arguments[..120] + "…" : Arguments)}{(CancelAfter is { } after ? $" cancelled after {after} ms" : "")}";
}
