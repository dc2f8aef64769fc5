namespace LocalMcp.Workspace;

/// <summary>
/// Files that a program obeys by itself, without anybody looking at them first: an answer that is written there would command the client, the shell, the editor or git.
/// They may be read. Source: the protected paths of Claude Code's documentation on permission modes, and the files in which agents find their instructions.
/// </summary>
internal static class ObeyedFiles
{
    private static readonly (string What, PathPatterns Patterns)[] Kinds =
    [
        ("the instructions and settings of coding agents", Parse(
            "**/.claude/*", "!**/.claude/worktrees/", "CLAUDE.md", "CLAUDE.local.md", "AGENTS.md", "AGENTS.override.md", "GEMINI.md", ".mcp.json", "mcp.json", ".claude.json", ".cursor/", ".cursorrules", ".windsurf/", ".windsurfrules", ".clinerules", ".codex/", ".gemini/", ".aider.conf.yml",
            ".roo/", ".roorules", "**/.github/copilot-instructions.md", "**/.github/instructions/", "**/.github/prompts/", "**/.github/agents/")),
        ("files by which git runs programs", Parse(".git", ".gitconfig", ".gitmodules", "**/.config/git/", ".husky/", ".githooks/", ".pre-commit-config.yaml", "lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", ".hg/", ".svn/")),
        ("settings by which editors run programs", Parse(".vscode/", ".idea/", ".devcontainer/", ".devcontainer.json", "*.code-workspace", ".vimrc", ".exrc", ".nvimrc", ".nvim.lua", ".dir-locals.el", "pyrightconfig.json")),
        ("what a shell runs when it starts or enters a folder", Parse(
            ".bashrc", ".bash_profile", ".bash_login", ".bash_aliases", ".bash_logout", ".zshrc", ".zprofile", ".zshenv", ".zlogin", ".zlogout", ".profile", ".envrc", ".mise.toml", "mise.toml", ".tool-versions", "**/.config/fish/", ".ripgreprc")),
        ("settings by which build tools load programs of their own", Parse(
            ".cargo/", ".yarn/", ".mvn/", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnp.cjs", ".pnp.loader.mjs", ".pnpmfile.cjs", "bunfig.toml", ".bunfig.toml", ".bazelrc", ".bazelversion", ".bazeliskrc", "gradle-wrapper.properties",
            "maven-wrapper.properties")),
    ];

    /// <summary>Why a file may not be written; null where it may.</summary>
    public static string? Why(ProjectPath path) =>
        (What(path.Name) ?? What(path.Real)) is { } what ? $"among {what}, which an answer must not write; let it be written elsewhere, and copy it after a look" : null;

    private static string? What(string path) => Array.Find(Kinds, kind => kind.Patterns.Covers(path, isFolder: false)).What;

    private static PathPatterns Parse(params string[] patterns) => PathPatterns.Parse(patterns, ignoreCase: true);
}
