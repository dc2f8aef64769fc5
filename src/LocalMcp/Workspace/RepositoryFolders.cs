namespace LocalMcp.Workspace;

/// <summary>Where Claude Code looks for the settings of a project: its folder, the top of the repository that it lies in, and for a worktree the main checkout.</summary>
internal static class RepositoryFolders
{
    public static IEnumerable<string> Of(string folder)
    {
        yield return folder;
        var top = Above(folder).FirstOrDefault(above => Path.Exists(Path.Combine(above, ".git")));
        if (top is null)
            yield break;
        yield return top;
        if (MainCheckout(Path.Combine(top, ".git")) is { } main)
            yield return main;
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var above = folder; above is not null; above = Path.GetDirectoryName(above))
            yield return above;
    }

    // In a worktree .git is a file: gitdir: /main/.git/worktrees/name
    private static string? MainCheckout(string git)
    {
        if (!File.Exists(git) || new FileInfo(git).Length is 0 or > 4_096)
            return null;
        try
        {
            var line = File.ReadAllText(git).Trim();
            var end = line.LastIndexOf("/.git/worktrees/", StringComparison.Ordinal);
            return end > 0 && line.StartsWith("gitdir: /", StringComparison.Ordinal) ? line["gitdir: ".Length..end] : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
