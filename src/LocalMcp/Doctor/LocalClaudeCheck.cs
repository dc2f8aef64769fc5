namespace LocalMcp.Doctor;

/// <summary>
/// Claude Code itself on a local model. It begins its system prompt with a line of attribution; older versions changed that line at every request, and then
/// the server computes the whole prompt anew each time. The reminder of tokens that are left does the same where a server moves it to the front.
/// </summary>
internal sealed class LocalClaudeCheck(ClaudeCode claude)
{
    public Check Look(string title)
    {
        if (!Uri.TryCreate(claude.Variable("ANTHROPIC_BASE_URL"), UriKind.Absolute, out var url) || !url.IsLoopback)
            return Check.Good(title, "Claude Code is not sent to a server of this machine");
        var wrong = new[] { ("CLAUDE_CODE_ATTRIBUTION_HEADER", "0"), ("CLAUDE_CODE_TOTAL_TOKENS_REMINDER", "off") }.Where(setting => claude.Variable(setting.Item1)?.Trim() != setting.Item2).ToList();
        return wrong.Count == 0
            ? Check.Good(title, "Claude Code is sent to a server of this machine, and leaves out what would break its prefix cache")
            : Check.Note(
                title,
                $"Claude Code is sent to a server of this machine, and {string.Join(" and ", wrong.Select(setting => $"{setting.Item1} is not {setting.Item2}"))}: a line that changes near the start of the prompt breaks the prefix cache, and the whole prompt is computed anew",
                $"Put {string.Join(" and ", wrong.Select(setting => $"\"{setting.Item1}\": \"{setting.Item2}\""))} into \"env\" of {Path.Combine(claude.Environment.ClaudeFolder, "settings.json")}.");
    }
}
