using LocalMcp.State;

namespace LocalMcp.Workspace;

/// <summary>
/// What the user, the project and the organization keep from Claude: the rules of <c>permissions.deny</c> that concern files, and those of <c>permissions.ask</c>, for nobody
/// can be asked here. An answer of ours ends in Claude's context, so they hold here as well. Source: Claude Code's documentation on permissions, its part on Read and Edit.
/// </summary>
internal sealed class DenyRules
{
    private static readonly string[] SettingsFiles = ["settings.json", "settings.local.json"];

    private readonly List<RuleSet> sets = [];

    private DenyRules()
    {
    }

    /// <summary>Where an administrator puts the rules of the whole machine.</summary>
    public static string ManagedFolder => OperatingSystem.IsMacOS() ? "/Library/Application Support/ClaudeCode" : "/etc/claude-code";

    /// <summary>Reads the settings of Claude Code anew: the machine's, the user's, and those of each root and of the repository that it lies in.</summary>
    /// <exception cref="LocalMcpException">One of the files is there and cannot be understood.</exception>
    public static DenyRules Read(Roots roots, UserEnvironment environment, string managedFolder)
    {
        var rules = new DenyRules();
        var bases = roots.Folders.Append(environment.ClaudeProject ?? Environment.CurrentDirectory).Distinct().ToList();
        foreach (var file in ManagedFiles(managedFolder).Append(Path.Combine(environment.ClaudeFolder, "remote-settings.json")))
            rules.Add(file, Shown(file, environment), new RuleBases(bases, bases, environment.Home));
        var users = Path.Combine(environment.ClaudeFolder, "settings.json");
        rules.Add(users, Shown(users, environment), new RuleBases(bases, [environment.ClaudeFolder], environment.Home));
        var projects = environment.ClaudeProject is { } project ? roots.Folders.Append(project) : roots.Folders;
        foreach (var folder in projects.SelectMany(RepositoryFolders.Of).Distinct())
        {
            foreach (var name in SettingsFiles)
                rules.Add(Path.Combine(folder, ".claude", name), Shown(Path.Combine(folder, ".claude", name), roots), new RuleBases(bases, [.. bases.Append(folder).Distinct()], environment.Home));
        }
        return rules;
    }

    /// <summary>The rule that hides a file, in words; null where none does.</summary>
    public string? Why(ProjectPath path, bool isFolder, bool writing)
    {
        string[] places = [$"{path.Start}/{path.Name}", path.Real.Length > 0 ? $"{path.Root}/{path.Real}" : path.Root];
        return sets.SelectMany(set => places.Select(place => set.Why(place, isFolder, writing))).FirstOrDefault(why => why is not null);
    }

    private void Add(string file, string shown, RuleBases bases)
    {
        if (ClaudeRulesFile.Read(file) is not { } rules)
            return;
        sets.Add(new RuleSet(rules.Deny, bases, rule => $"hidden from Claude by {rule} in {shown}"));
        // To have every edit asked for is no word on a file: the client asks before it calls a tool that writes.
        sets.Add(new RuleSet([.. rules.Ask.Where(rule => rule.Trim() is not ("Edit" or "Write"))], bases, rule => $"not to be opened unasked, by {rule} under permissions.ask in {shown}, and nobody can be asked here"));
    }

    // Files that begin with a dot are left out, as Claude Code leaves them out.
    private static IEnumerable<string> ManagedFiles(string folder)
    {
        var more = Path.Combine(folder, "managed-settings.d");
        try
        {
            return Directory.GetFiles(more, "*.json").Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).Prepend(Path.Combine(folder, "managed-settings.json"));
        }
        catch (DirectoryNotFoundException)
        {
            return [Path.Combine(folder, "managed-settings.json")];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalMcpException($"{more} may say which files are hidden from Claude, and it cannot be read: {unreadable.Message} No file is read or written until it is readable.", unreadable);
        }
    }

    private static string Shown(string file, UserEnvironment environment) => file.StartsWith(environment.Home + "/", StringComparison.Ordinal) ? "~" + file[environment.Home.Length..] : file;

    private static string Shown(string file, Roots roots) => roots.Folders.Where(root => file.StartsWith(root + "/", StringComparison.Ordinal)).Select(root => file[(root.Length + 1)..]).FirstOrDefault(file);
}
