using System.Text.RegularExpressions;

namespace LocalMcp.Faults.Sessions;

/// <summary>Whether an ending is one that a client can do something with: an answer that is whole, or words that name what happened and what to do.</summary>
internal static partial class Judge
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    /// <param name="canHaveSaid">Whether a model of this scene can have said this.</param>
    public static string? Objection(CallPlan call, Ending ending, Func<string, bool> canHaveSaid) => ending.How switch
    {
        EndingKind.Cancelled or EndingKind.Gone => null,
        EndingKind.Answer => OfAnswer(call, ending.Text, canHaveSaid),
        // The protocol's own words, for what no client does that knows the tools.
        EndingKind.Refusal => Leak(ending.Text),
        _ => OfError(ending.Text),
    };

    /// <summary>An answer of a model ends with the line that says which one, and is whole, or cut by a limit that the line names.</summary>
    private static string? OfAnswer(CallPlan call, string text, Func<string, bool> canHaveSaid)
    {
        if (text.Length == 0)
            return "an empty answer";
        if (Leak(text) is { } leak)
            return leak;
        if (call.Tool is not ("chat" or "chat_to_file"))
            return null;
        if (Footer().Match(text) is not { Success: true } footer)
            return "an answer without a footer";
        if (footer.Value.Contains("smoke test only", StringComparison.Ordinal))
            return null;
        if (call.Tool == "chat_to_file" || call.Arguments.Contains("json_schema", StringComparison.Ordinal) || footer.Value.Contains("INCOMPLETE", StringComparison.Ordinal) || footer.Value.Contains("cut ", StringComparison.OrdinalIgnoreCase))
            return null;
        return canHaveSaid(text[..footer.Index].Trim()) ? null : "an answer that no model gave";
    }

    private static string? OfError(string text) => text switch
    {
        _ when string.IsNullOrWhiteSpace(text) => "an empty error",
        _ when Leak(text) is { } leak => leak,
        // What the model had said goes before the sentence.
        _ when !Sentence().IsMatch(text.TrimStart()) => "an error that is no sentence",
        _ when !NextStep().IsMatch(text) => "an error without a next step",
        _ => null,
    };

    /// <summary>Whether a line of standard error is a trace. The SDK logs one of its own for a tool that is not there, which no client asks for that knows the tools.</summary>
    public static bool IsTrace(string line) => Leak(line) is not null && !line.Contains("McpProtocolException: Unknown tool", StringComparison.Ordinal) && !line.TrimStart().StartsWith("at ", StringComparison.Ordinal);

    /// <summary>Words that belong to our insides.</summary>
    public static string? Leak(string text) => Insides().Match(text) is { Success: true } found ? $"it shows our insides (\"{found.Value}\")" : null;

    [GeneratedRegex(@"\n\n— .+ \(.+\) · .+$|^— .+ \(.+\) · .+$|\n— .+ \(.+\) · .+$")]
    private static partial Regex Footer();

    [GeneratedRegex(@"\b\w+Exception\b|^ +at [\w.]+\(|An error occurred invoking|Object reference|System\.[A-Z]\w+|Unhandled|net_http|SR\.", RegexOptions.Multiline)]
    private static partial Regex Insides();

    [GeneratedRegex(@"^\S.{10,}[.!?)""'`\]}]|^— ", RegexOptions.Singleline)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(Ask|ask|Start|start|Check|check|Raise|raise|Set|set|Use|use|Run|run|Wait|wait|Try|try|Make|make|Remove|remove|Correct|correct|Choose|choose|Name|Give|give|Send|send|Call|call|Rephrase|Look|look|Close|End|Free|Install|See|Add|add|Write|Allow|Pull|pull|Change|Shorten|Restart|restart|leave|Leave|expects|must|There are|Its arguments are|name one|fits without|until it is|needs)\b|`")]
    private static partial Regex NextStep();
}
