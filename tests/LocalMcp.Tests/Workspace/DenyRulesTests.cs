using LocalMcp.Workspace;

namespace LocalMcp.Tests.Workspace;

public sealed class DenyRulesTests
{
    // A rule in the project's settings, a file of the project, and whether it is hidden.
    [Theory]
    [InlineData("Read", "src/a.txt", true)]
    [InlineData("Read()", "src/a.txt", true)]
    [InlineData("Read(*)", "src/a.txt", true)]
    [InlineData("Read(**)", "src/a.txt", true)]
    [InlineData("Read(./**)", "src/a.txt", true)]
    [InlineData("Read(.)", "src/a.txt", true)]
    [InlineData("Read(./)", "src/a.txt", true)]
    [InlineData("Read(/**)", "src/a.txt", true)]
    [InlineData("Read(/)", "src/a.txt", true)]
    [InlineData("Read(//)", "src/a.txt", true)]
    [InlineData("Read(//**)", "src/a.txt", true)]
    [InlineData("*", "src/a.txt", true)]
    [InlineData("R*(src/**)", "src/a.txt", true)]
    [InlineData("read(src/**)", "src/a.txt", true)]
    [InlineData(" Read( src/a.txt )", "src/a.txt", true)]
    [InlineData("Read(src/a.txt", "src/a.txt", true)]
    [InlineData("Read(a.txt)", "src/a.txt", true)]
    [InlineData("Read(./a.txt)", "src/a.txt", true)]
    [InlineData("Read(**/a.txt)", "src/a.txt", true)]
    [InlineData("Read(/a.txt)", "src/a.txt", false)]
    [InlineData("Read(/src/a.txt)", "src/a.txt", true)]
    [InlineData("Read(/src)", "src/a.txt", true)]
    [InlineData("Read(/src/)", "src/a.txt", true)]
    [InlineData("Read(src/*)", "src/a.txt", true)]
    [InlineData("Read(src/**)", "lib/src/a.txt", true)]
    [InlineData("Read(./src/**)", "lib/src/a.txt", true)]
    [InlineData("Read(/src/**)", "lib/src/a.txt", false)]
    [InlineData("Read(lib/src/**)", "lib/src/a.txt", true)]
    [InlineData("Read(lib/src/**)", "x/lib/src/a.txt", false)]
    [InlineData("Read(**/src/**)", "x/lib/src/a.txt", true)]
    [InlineData("Read(SRC/A.TXT)", "src/a.txt", true)]
    [InlineData("Read(src/A.txt)", "SRC/a.TXT", true)]
    [InlineData("Read(src/[a-b].txt)", "src/a.txt", true)]
    [InlineData(@"Read(src/\[a\].txt)", "src/[a].txt", true)]
    [InlineData("Read(../project/src/**)", "src/a.txt", true)]
    [InlineData("Read(../other/src/**)", "src/a.txt", false)]
    [InlineData("Read(~/src/**)", "src/a.txt", false)]
    [InlineData("Read(src/\u00e4.txt)", "src/a\u0308.txt", true)]
    [InlineData("Read(src/a\u0308.txt)", "src/\u00e4.txt", true)]
    [InlineData("Read(src/[\u00e4\u00f6].txt)", "src/\u00e4.txt", true)]
    [InlineData("Bash(cat src/a.txt)", "src/a.txt", false)]
    [InlineData("Bash", "src/a.txt", false)]
    [InlineData("WebFetch(domain:src)", "src/a.txt", false)]
    [InlineData("mcp__*", "src/a.txt", false)]
    [InlineData("Reader(src/**)", "src/a.txt", false)]
    [InlineData("Edit(src/**)", "src/a.txt", false)]
    [InlineData("Write", "src/a.txt", false)]
    [InlineData("", "src/a.txt", false)]
    public void Hides_what_a_rule_of_the_project_hides(string rule, string file, bool hidden)
    {
        using var project = new TemporaryProject().With(file).With(".claude/settings.json", Deny(rule));
        Assert.Equal(hidden ? $"hidden from Claude by {rule.Trim()} in .claude/settings.json" : null, Rules(project).Why(project.PathOf(file), isFolder: false, writing: false));
    }

    [Theory]
    [InlineData("Read(src/**)", true)]
    [InlineData("Edit(src/**)", true)]
    [InlineData("Write(src/**)", true)]
    [InlineData("MultiEdit(src/**)", true)]
    [InlineData("Edit", true)]
    [InlineData("Write", true)]
    [InlineData("*", true)]
    [InlineData("Edit(lib/**)", false)]
    [InlineData("NotebookEdit", false)]
    [InlineData("Bash", false)]
    public void Keeps_from_writing_what_may_not_be_read_or_edited(string rule, bool hidden)
    {
        using var project = new TemporaryProject().With("src/a.txt").With(".claude/settings.json", Deny(rule));
        Assert.Equal(hidden, Rules(project).Why(project.PathOf("src/new.txt", mayBeMissing: true), isFolder: false, writing: true) is not null);
    }

    [Fact]
    public void Takes_a_rule_without_a_place_for_each_project_and_one_with_a_slash_for_the_folder_of_its_file()
    {
        using var project = new TemporaryProject().With("secrets/a.txt").With("other/b.txt").With("local.txt");
        project.With(Path.Combine(project.Home, ".claude", "settings.json"), Deny("Read(/secrets/**)", "Read(b.txt)")).With(".claude/settings.local.json", Deny("Read(/local.txt)"));
        Assert.Null(Why(project, "secrets/a.txt"));
        Assert.Equal("hidden from Claude by Read(b.txt) in ~/.claude/settings.json", Why(project, "other/b.txt"));
        Assert.Equal("hidden from Claude by Read(/local.txt) in .claude/settings.local.json", Why(project, "local.txt"));
    }

    [Fact]
    public void Finds_the_user_s_settings_in_the_folder_that_the_environment_names()
    {
        using var project = new TemporaryProject().With("a.txt");
        project.With(Path.Combine(project.Home, "elsewhere", "settings.json"), Deny("Read(a.txt)"));
        Assert.NotNull(DenyRules.Read(project.Roots, project.Environment(("CLAUDE_CONFIG_DIR", Path.Combine(project.Home, "elsewhere"))), project.Outside).Why(project.PathOf("a.txt"), isFolder: false, writing: false));
        Assert.Null(Why(project, "a.txt"));
    }

    [Fact]
    public void Knows_absolute_rules_and_those_of_the_home_also_where_links_lead_to_the_project()
    {
        using var project = new TemporaryProject().With("a/x.txt").With("b/x.txt").With("c/x.txt").With("d/x.txt").With("e/x.txt").With("f/x.txt");
        File.CreateSymbolicLink(Path.Combine(project.Home, "work"), project.Folder);
        File.CreateSymbolicLink(Path.Combine(project.Home, "e-by-link"), project.At("e/x.txt"));
        project.With(Path.Combine(project.Home, ".claude", "settings.json"), Deny($"Read(/{project.Folder}/a/**)", "Read(~/work/b/**)", $"Read(/{project.Home}/work/c/x.txt)", "Read(~/../project/d/**)", "Read(~/e-by-link)"));
        foreach (var hidden in new[] { "a/x.txt", "b/x.txt", "c/x.txt", "e/x.txt" })
            Assert.Contains("hidden from Claude by Read(", Why(project, hidden), StringComparison.Ordinal);
        Assert.Null(Why(project, "f/x.txt"));
    }

    [Fact]
    public void Judges_the_name_that_was_given_and_the_place_that_it_leads_to()
    {
        using var project = new TemporaryProject().With("secrets/a.txt").With("open/b.txt").WithLink("open/way.txt", "../secrets/a.txt").WithLink("secrets/way.txt", "../open/b.txt").WithLink("folder", "secrets").With(".claude/settings.json", Deny("Read(./secrets/**)"));
        Assert.NotNull(Why(project, "secrets/a.txt"));
        Assert.NotNull(Why(project, "open/way.txt"));
        Assert.NotNull(Why(project, "secrets/way.txt"));
        Assert.NotNull(Why(project, "folder/a.txt"));
        Assert.Null(Why(project, "open/b.txt"));
    }

    [Fact]
    public void Hides_a_folder_with_all_that_is_in_it()
    {
        using var project = new TemporaryProject().With("secrets/deep/a.txt").With("open/a.txt").With(".claude/settings.json", Deny("Read(secrets/)"));
        var rules = Rules(project);
        Assert.NotNull(rules.Why(project.PathOf("secrets"), isFolder: true, writing: false));
        Assert.NotNull(rules.Why(project.PathOf("secrets/deep"), isFolder: true, writing: false));
        Assert.Null(rules.Why(project.PathOf("open"), isFolder: true, writing: false));
    }

    [Fact]
    public void Takes_back_what_earlier_rules_of_the_same_file_hide_and_nothing_else()
    {
        using var project = new TemporaryProject().With("keep.log").With("a.log").With("build/keep.log").With("fixed.log").With("later.txt").With("users.txt");
        project.With(".claude/settings.json", Deny("Read(!later.txt)", "Read(*.log)", "Read(build/)", "Read(!keep.log)", "Read(/fixed.log)", "Read(!fixed.log)", "Read(later.txt)", "Read(!users.txt)"));
        project.With(Path.Combine(project.Home, ".claude", "settings.json"), Deny("Read(users.txt)"));
        Assert.Null(Why(project, "keep.log"));
        foreach (var hidden in new[] { "a.log", "build/keep.log", "fixed.log", "later.txt", "users.txt" })
            Assert.NotNull(Why(project, hidden));
    }

    [Fact]
    public void Lets_no_rule_on_writing_take_back_one_on_reading()
    {
        using var project = new TemporaryProject().With("a.txt").With("b.txt").With(".claude/settings.json", Deny("Read(a.txt)", "Edit(b.txt)", "Edit(!a.txt)", "Edit(!b.txt)"));
        Assert.NotNull(Rules(project).Why(project.PathOf("a.txt"), isFolder: false, writing: true));
        Assert.Null(Rules(project).Why(project.PathOf("b.txt"), isFolder: false, writing: true));
    }

    [Fact]
    public void Hides_what_Claude_would_have_to_ask_for()
    {
        using var project = new TemporaryProject().With("a.txt").With("b.txt").With("c.txt").With(".claude/settings.json", """{ "permissions": { "ask": ["Read(a.txt)", "Edit(b.txt)", "Edit", "Write"], "allow": ["Read(a.txt)"] } }""");
        Assert.Equal("not to be opened unasked, by Read(a.txt) under permissions.ask in .claude/settings.json, and nobody can be asked here", Why(project, "a.txt"));
        Assert.Null(Why(project, "b.txt"));
        Assert.NotNull(Rules(project).Why(project.PathOf("b.txt"), isFolder: false, writing: true));
        Assert.Null(Rules(project).Why(project.PathOf("c.txt"), isFolder: false, writing: true));
    }

    [Fact]
    public void Reads_what_an_administrator_wrote_for_the_whole_machine()
    {
        using var project = new TemporaryProject().With("a.txt").With("b.txt").With("c.txt").With("d.txt").With("e.txt");
        var managed = Path.Combine(project.Home, "managed");
        project.With(Path.Combine(managed, "managed-settings.json"), Deny("Read(a.txt)")).With(Path.Combine(managed, "managed-settings.d", "10-b.json"), Deny("Read(/b.txt)"))
            .With(Path.Combine(managed, "managed-settings.d", ".c.json"), Deny("Read(c.txt)")).With(Path.Combine(managed, "managed-settings.d", "d.txt"), Deny("Read(d.txt)"))
            .With(Path.Combine(project.Home, ".claude", "remote-settings.json"), $$"""{ "checksum": "x", "settings": {{Deny("Read(e.txt)")}} }""");
        var rules = DenyRules.Read(project.Roots, project.Environment(), managed);
        var hidden = new[] { "a.txt", "b.txt", "c.txt", "d.txt", "e.txt" }.Where(name => rules.Why(project.PathOf(name), isFolder: false, writing: false) is not null);
        Assert.Equal(["a.txt", "b.txt", "e.txt"], hidden);
    }

    [Fact]
    public void Reads_the_settings_of_every_root_and_tries_them_in_every_root()
    {
        using var project = new TemporaryProject().With("one/a.txt").With("two/a.txt").With("two/b.txt").With("one/b.txt").With("one/.claude/settings.json", Deny("Read(a.txt)")).With("two/.claude/settings.json", Deny("Read(./b.txt)"));
        var roots = new Roots([project.At("one"), project.At("two")]);
        var rules = DenyRules.Read(roots, project.Environment(), project.Outside);
        foreach (var root in roots.Folders)
        {
            Assert.NotNull(rules.Why(ProjectPath.Of("a.txt", new Roots([root])), isFolder: false, writing: false));
            Assert.NotNull(rules.Why(ProjectPath.Of("b.txt", new Roots([root])), isFolder: false, writing: false));
        }
    }

    [Fact]
    public void Reads_the_settings_of_the_project_that_the_environment_names_beside_those_of_the_roots()
    {
        using var project = new TemporaryProject().With("elsewhere/a.txt").With("elsewhere/b.txt").With(".claude/settings.json", Deny("Read(a.txt)"));
        var roots = new Roots([project.At("elsewhere")]);
        var rules = DenyRules.Read(roots, project.Environment(), project.Outside);
        Assert.NotNull(rules.Why(ProjectPath.Of("a.txt", roots), isFolder: false, writing: false));
        Assert.Null(rules.Why(ProjectPath.Of("b.txt", roots), isFolder: false, writing: false));
    }

    [Fact]
    public void Shows_a_rule_in_one_line_whatever_is_written_in_it()
    {
        using var project = new TemporaryProject().With("a.txt").With(".claude/settings.json", Deny($"Read([{"\\n\\u202E"}{new string('x', 1_000)}a]*)").Replace("\\\\", "\\", StringComparison.Ordinal));
        var why = Why(project, "a.txt")!;
        Assert.StartsWith(@"hidden from Claude by Read([\u000A\u202Exxx", why, StringComparison.Ordinal);
        Assert.True(why.Length < 300);
    }

    [Fact]
    public void Reads_the_settings_of_the_repository_and_of_the_main_checkout_of_a_worktree()
    {
        using var project = new TemporaryProject().With("tree/sub/a.txt").With("tree/sub/b.txt").With("tree/sub/c.txt").With("tree/.git", "gitdir: MAIN/.git/worktrees/tree\n").With("tree/.claude/settings.local.json", Deny("Read(a.txt)"));
        project.With("tree/.git", $"gitdir: {project.At("main")}/.git/worktrees/tree\n").With("main/.claude/settings.local.json", Deny("Read(b.txt)"));
        var roots = new Roots([project.At("tree/sub")]);
        var rules = DenyRules.Read(roots, project.Environment(), project.Outside);
        Assert.Equal([true, true, false], new[] { "a.txt", "b.txt", "c.txt" }.Select(name => rules.Why(ProjectPath.Of(name, roots), isFolder: false, writing: false) is not null));
    }

    [Theory]
    [InlineData("{ \"permissions\": ", "it is not valid JSON, at line 1")]
    [InlineData("", "it is not valid JSON, at line 1")]
    [InlineData("[]", "it holds no object")]
    [InlineData("{ \"permissions\": [] }", "permissions is no object")]
    [InlineData("{ \"permissions\": { \"deny\": \"Read\" } }", "permissions.deny is no list of texts")]
    [InlineData("{ \"permissions\": { \"deny\": [1] } }", "permissions.deny is no list of texts")]
    [InlineData("{ \"permissions\": { \"ask\": {} } }", "permissions.ask is no list of texts")]
    [InlineData("{ \"permissions\": { \"deny\": [], \"\\ud800\": [] } }", "a name in it has half of a surrogate pair")]
    public void Shows_nothing_where_settings_cannot_be_understood(string settings, string why)
    {
        using var project = new TemporaryProject().With(".claude/settings.json", settings);
        var message = Assert.Throws<LocalMcpException>(() => Rules(project)).Message;
        Assert.StartsWith($"{project.At(".claude/settings.json")} says which files are hidden from Claude, and it cannot be understood: {why}", message, StringComparison.Ordinal);
        Assert.EndsWith("No file is read or written until it is mended or removed.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quotes_nothing_of_settings_that_cannot_be_understood()
    {
        using var project = new TemporaryProject().With(".claude/settings.json", "{ \"env\": { \"KEY\": sk-secret } }");
        Assert.DoesNotContain("sk-", Assert.Throws<LocalMcpException>(() => Rules(project)).Message, StringComparison.Ordinal);
    }

    // As Claude Code reads it: the letter is lost, and the rules are not.
    [Fact]
    public void Takes_a_byte_that_is_no_UTF_8_for_a_letter_that_nobody_knows()
    {
        using var project = new TemporaryProject().With("a.txt").With("b.txt");
        Directory.CreateDirectory(project.At(".claude"));
        File.WriteAllBytes(project.At(".claude/settings.json"), [.. "{ \"permissions\": { \"deny\": [ \"Read("u8, 0xD8, .. ")\", \"Read(a.txt)\" ] } }"u8]);
        Assert.Equal(["Read(\uFFFD)", "Read(a.txt)"], ClaudeRulesFile.Read(project.At(".claude/settings.json"))!.Deny);
    }

    [Fact]
    public void Shows_nothing_where_settings_are_no_file_or_may_not_be_read()
    {
        using var project = new TemporaryProject().With("a.txt");
        Directory.CreateDirectory(project.At(".claude"));
        TemporaryProject.RunProgram("mkfifo", project.At(".claude/settings.json"));
        Assert.Contains("it is no regular file", Assert.Throws<LocalMcpException>(() => Rules(project)).Message, StringComparison.Ordinal);
        File.Delete(project.At(".claude/settings.json"));
        Directory.CreateDirectory(project.At(".claude/settings.json"));
        Assert.Contains("it is no regular file", Assert.Throws<LocalMcpException>(() => Rules(project)).Message, StringComparison.Ordinal);
        Directory.Delete(project.At(".claude/settings.json"));
        project.WithLink(".claude/settings.json", "settings.json");
        Assert.Contains("cannot be understood", Assert.Throws<LocalMcpException>(() => Rules(project)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_nothing_where_settings_may_not_be_read_by_this_user()
    {
        Assert.SkipWhen(Unix.User == 0, "root may read everything");
        using var project = new TemporaryProject().With(".claude/settings.json", "{}");
        File.SetUnixFileMode(project.At(".claude/settings.json"), UnixFileMode.None);
        Assert.Contains("it cannot be read", Assert.Throws<LocalMcpException>(() => Rules(project)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(project.At(".claude"), UnixFileMode.None);
        Assert.Contains("it cannot be read", Assert.Throws<LocalMcpException>(() => Rules(project)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(project.At(".claude"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Reads_settings_with_comments_a_mark_at_the_front_and_through_links_anew_each_time()
    {
        using var project = new TemporaryProject().With("a.txt");
        Assert.Null(Why(project, "a.txt"));
        project.With(Path.Combine(project.Outside, "dotfiles.json"), "\uFEFF{ // mine\n \"permissions\": { \"deny\": [\"Read(a.txt)\",], }, }").WithLink(".claude/settings.json", "../../outside/dotfiles.json");
        Assert.NotNull(Why(project, "a.txt"));
        File.Delete(project.At(".claude/settings.json"));
        Assert.Null(Why(project, "a.txt"));
    }

    [Fact]
    public void Takes_settings_without_rules_for_none()
    {
        using var project = new TemporaryProject().With("a.txt").With(".claude/settings.json", "{}").With(".claude/settings.local.json", """{ "permissions": { "allow": ["Read"], "deny": null, "additionalDirectories": ["/"] } }""");
        Assert.Null(Why(project, "a.txt"));
    }

    private static string Deny(params string[] rules) => $$"""{ "permissions": { "deny": [{{string.Join(", ", rules.Select(rule => $"\"{rule.Replace("\\", "\\\\", StringComparison.Ordinal)}\""))}}] } }""";

    private static DenyRules Rules(TemporaryProject project) => DenyRules.Read(project.Roots, project.Environment(), project.Outside);

    private static string? Why(TemporaryProject project, string name) => Rules(project).Why(project.PathOf(name), isFolder: false, writing: false);
}
