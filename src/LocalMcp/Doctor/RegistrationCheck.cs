using System.Globalization;

namespace LocalMcp.Doctor;

/// <summary>Whether Claude Code knows this server: in which scopes, by which command, and whether that command is this program.</summary>
internal sealed class RegistrationCheck(ClaudeCode claude, RunningProgram program)
{
    private sealed record Entry(string Scope, string ScopeName, ClaudeServer Server);

    public Check Look(string title)
    {
        var entries = Entries().ToList();
        return entries.Count == 0 ? Missing(title) : Worst(title, entries) ?? Check.Good(title, Told(entries));
    }

    // In the order in which Claude Code prefers them where two have one name.
    private IEnumerable<Entry> Entries()
    {
        foreach (var server in claude.Config.Projects.Where(kept => claude.IsAt(kept.Folder)).SelectMany(kept => kept.Servers).Where(IsOurs))
            yield return new Entry("for you in this project (local scope)", "local", server);
        if (claude.ProjectServer(".mcp.json") is var (_, shared) && claude.IsApproved(shared) is true)
            yield return new Entry("for this project (.mcp.json, approved)", "project", shared);
        foreach (var server in claude.Config.Servers.Where(IsOurs))
            yield return new Entry("for all your projects (user scope)", "user", server);
    }

    private static bool IsOurs(ClaudeServer server) => server.Program is not null;

    private Check Missing(string title)
    {
        var register = $"Run `{Add}`, then start a new session.";
        if (claude.Config.Servers.FirstOrDefault(server => server.Name == "local") is { } other)
            return Check.Bad(title, $"the name local stands for another server ({(other.Command.Length > 0 ? Path.GetFileName(other.Command) : "a URL")}), and this one is not registered", $"Run `{Add.Replace(" local -- ", " local-mcp -- ", StringComparison.Ordinal)}`, which takes another name; /switch-model expects the name local.");
        if (claude.Config.Projects.Count(kept => kept.Servers.Any(IsOurs)) is > 0 and var elsewhere)
            return Check.Note(title, string.Create(CultureInfo.InvariantCulture, $"registered for {elsewhere} other {(elsewhere == 1 ? "project" : "projects")}, not here"), $"Run `{Add}` to have it in all.");
        return claude.IsThere
            ? Check.Bad(title, $"not registered, {claude.Environment.ClaudeFile} does not name it", register)
            : Check.Note(title, "`claude` is not on PATH, and was never used here", $"When it is there: `{Add}`.");
    }

    private Check? Worst(string title, List<Entry> entries)
    {
        var told = Told(entries);
        if (entries.Find(entry => !entry.Server.Serves) is { } mute)
            return Check.Bad(title, $"{told}; it is registered without `serve`, and ends at once", Again(mute));
        if (entries.Find(entry => IsThere(entry.Server) is false) is { } gone)
            return Check.Bad(title, $"{told}; {gone.Server.Program} is not there", Again(gone));
        if (claude.Config.Projects.Where(kept => claude.IsAt(kept.Folder)).SelectMany(kept => kept.TurnedOff).FirstOrDefault(off => entries.Exists(entry => entry.Server.Name == off)) is { } name)
            return Check.Note(title, $"{told}; {name} is turned off in this project", "Turn it on again with /mcp in Claude Code.");
        if (entries.Find(entry => entry.Server.ThroughDotnet) is { } slow)
            return Check.Note(title, $"{told}; started through dotnet, which is slow and may print to the protocol's stream", Again(slow));
        if (entries.Count > 1)
            return Check.Note(title, $"{told}; where two have one name, the first of these is used", $"Keep one of them: `claude mcp remove --scope {entries[0].ScopeName} {Shell.Quoted(entries[0].Server.Name)}` leaves the other.");
        return entries.Find(entry => !IsThisProgram(entry.Server)) is { } another
            ? Check.Note(title, $"{told}, which is another copy than this one ({program.Path})", $"Nothing, if that is meant. Otherwise: {Again(another)}")
            : null;
    }

    private string Told(List<Entry> entries) => string.Join("; ", entries.Select(entry => $"{entry.Server.Name} {entry.Scope}: {entry.Server.Program}{(IsThisProgram(entry.Server) ? ", this program" : "")}"));

    private string Again(Entry entry) => entry.ScopeName == "project"
        ? $"Correct its entry in .mcp.json, or run `{Add}`."
        : $"Run `claude mcp remove --scope {entry.ScopeName} {Shell.Quoted(entry.Server.Name)} && {Add}`.";

    private string Add => Shell.Register(program.Command(claude.Environment));

    private bool IsThisProgram(ClaudeServer server) => Found(server) is { } file && program.IsAt(file);

    // Null where that is not ours to say: a variable or a path that the shell or the current folder decides.
    private bool? IsThere(ClaudeServer server) => server.Program switch
    {
        { } path when Path.IsPathRooted(path) => Path.Exists(path),
        { } word when word == server.Command && !word.Contains('/') && !word.Contains('$') => Found(server) is not null,
        _ => null,
    };

    private string? Found(ClaudeServer server) => server.Program switch
    {
        { } path when Path.IsPathRooted(path) => File.Exists(path) ? path : null,
        { } word when !word.Contains('/') => claude.Environment.SearchPath.Select(folder => Path.Combine(folder, word)).FirstOrDefault(File.Exists),
        _ => null,
    };
}
