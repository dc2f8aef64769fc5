namespace LocalMcp.Doctor;

/// <summary>
/// The trap of project files: Claude Code reads <c>.mcp.json</c> only once the user has approved its servers, and <c>mcp.json</c>, without the dot,
/// not at all unless it is named.
/// </summary>
internal sealed class ProjectFileCheck(ClaudeCode claude, RunningProgram program)
{
    public Check Look(string title)
    {
        if (claude.ProjectServer(".mcp.json") is var (file, server))
            return Approved(title, file, server);
        if (claude.ProjectServer("mcp.json") is not var (undotted, _))
            return Check.Good(title, "no .mcp.json here names this server");
        return IsRegistered
            ? Check.Good(title, $"{undotted} is not read by Claude Code, and need not be")
            : Check.Note(title, $"{undotted} is not read by Claude Code: its name lacks the dot", $"Rename it to .mcp.json, or start `claude --mcp-config {Shell.Quoted(undotted)}`, or run `{Add}`.");
    }

    private Check Approved(string title, string file, ClaudeServer server) => claude.IsApproved(server) switch
    {
        true => Check.Good(title, $"{server.Name} of {file} is approved"),
        false => Check.Note(title, $"{server.Name} of {file} was refused, so Claude Code does not start it", $"Run `claude mcp reset-project-choices` there to be asked again{Otherwise}."),
        null => Check.Note(title, $"{server.Name} of {file} is not approved yet, so Claude Code does not start it", $"Start `claude` in {Path.GetDirectoryName(file)} and approve it{Otherwise}."),
    };

    private string Otherwise => IsRegistered ? "; you have it for all your projects as well" : $", or run `{Add}`, which needs no approval";

    private bool IsRegistered => claude.Config.Servers.Any(server => server.Program is not null);

    private string Add => Shell.Register(program.Command(claude.Environment));
}
