namespace LocalMcp.Workspace;

/// <summary>One permission rule of Claude Code that concerns files, as it is written: <c>Read(./secrets/**)</c>.</summary>
/// <param name="Text">The whole rule.</param>
/// <param name="Pattern">What is between its parentheses; empty where it stands for every file.</param>
/// <param name="HidesReading">Whether it keeps files from being read; all of them keep files from being written.</param>
internal sealed record DenyRule(string Text, string Pattern, bool HidesReading)
{
    // Read rules stand for every tool that reads, Edit rules for every tool that writes. A pattern of Write and MultiEdit is without force in Claude Code; here it means what it says.
    private static readonly string[] Writing = ["Edit", "Write", "MultiEdit"];

    /// <summary>The rule; null where it concerns no files: <c>Bash(…)</c>, <c>WebFetch(…)</c>.</summary>
    public static DenyRule? Parse(string text)
    {
        var rule = text.Trim();
        var open = rule.IndexOf('(');
        var tool = PathPattern.Parse((open < 0 ? rule : rule[..open]).Trim(), ignoreCase: true);
        var reads = tool.Matches("Read", isFolder: false);
        if (!reads && !Array.Exists(Writing, name => tool.Matches(name, isFolder: false)))
            return null;
        var pattern = open < 0 ? "" : rule[(open + 1)..(rule.EndsWith(')') && rule.Length - 1 > open ? ^1 : ^0)];
        return new DenyRule(rule, pattern.Trim() is "*" ? "" : pattern, reads);
    }
}
