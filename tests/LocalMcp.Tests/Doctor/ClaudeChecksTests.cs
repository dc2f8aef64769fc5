using LocalMcp.Doctor;

namespace LocalMcp.Tests.Doctor;

/// <summary>The slash command, project files, and Claude Code itself on a local model.</summary>
public sealed class ClaudeChecksTests : IDisposable
{
    private const string Servers = """{ "mcpServers": { "local": { "command": "local-mcp", "args": ["serve"] } } }""";
    private const string Address = "ANTHROPIC_BASE_URL";
    private const string Header = "CLAUDE_CODE_ATTRIBUTION_HEADER";
    private const string Reminder = "CLAUDE_CODE_TOTAL_TOKENS_REMINDER";

    private readonly DoctorHome home = new();

    [Fact]
    public void Without_project_files_there_is_no_trap() => Assert.Equal(Verdict.Good, ProjectFile().Verdict);

    [Fact]
    public void A_project_file_that_names_other_servers_is_no_trap()
    {
        home.InProject(".mcp.json", """{ "mcpServers": { "local": { "command": "npx" } } }""").InProject("mcp.json", "{}");
        Assert.Equal(Verdict.Good, ProjectFile().Verdict);
    }

    [Fact]
    public void A_project_file_that_is_not_approved_is_a_note_with_two_ways_out()
    {
        var check = ProjectFile(home.InProject(".mcp.json", Servers));
        Assert.Equal(Verdict.Note, check.Verdict);
        Assert.Contains("is not approved yet", check.Finding, StringComparison.Ordinal);
        Assert.Contains($"Start `claude` in {home.Project} and approve it, or run `claude mcp add --scope user", check.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "enabledMcpjsonServers": ["local"] }""", true)]
    [InlineData("""{ "enableAllProjectMcpServers": true }""", true)]
    [InlineData("""{ "enabledMcpjsonServers": ["another"] }""", false)]
    [InlineData("""{ "enableAllProjectMcpServers": true, "disabledMcpjsonServers": ["local"] }""", false)]
    public void Approval_is_found_wherever_Claude_Code_keeps_it(string words, bool approved)
    {
        home.InProject(".mcp.json", Servers);
        string[] places = [home.Below(".claude", "settings.json"), Path.Combine(home.Project, ".claude", "settings.json"), Path.Combine(home.Project, ".claude", "settings.local.json")];
        foreach (var place in places)
        {
            home.Write(place, words);
            Assert.Equal((place, approved), (place, ProjectFile().Verdict == Verdict.Good));
            File.Delete(place);
        }
        home.WithClaude($$"""{ "projects": { "PROJECT": {{words}} } }""");
        Assert.Equal(approved, ProjectFile().Verdict == Verdict.Good);
    }

    [Fact]
    public void A_refused_one_says_how_to_be_asked_again()
    {
        home.InProject(".mcp.json", Servers).WithClaude("""{ "projects": { "PROJECT": { "disabledMcpjsonServers": ["local"] } } }""");
        Assert.Contains("claude mcp reset-project-choices", ProjectFile().NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_a_folder_above_counts()
    {
        home.Write(home.Below("work", ".mcp.json"), Servers);
        Assert.Contains(home.Below("work", ".mcp.json"), ProjectFile().Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_the_dot_is_a_note_unless_the_server_is_registered_anyway()
    {
        var check = ProjectFile(home.InProject("mcp.json", Servers));
        Assert.Equal(Verdict.Note, check.Verdict);
        Assert.Contains("its name lacks the dot", check.Finding, StringComparison.Ordinal);
        Assert.Contains("Rename it to .mcp.json", check.NextStep, StringComparison.Ordinal);
        Assert.Equal(Verdict.Good, ProjectFile(home.WithClaude(Servers)).Verdict);
    }

    [Fact]
    public void The_slash_command_is_there_or_is_not_or_was_changed()
    {
        var (ours, installed) = (home.Below("lib", "local-mcp", "switch-model.md"), home.Below(".claude", "commands", "switch-model.md"));
        Assert.Equal("Run ./install.sh, which installs it.", Slash(ours).NextStep);
        home.Write(ours, "new");
        Assert.Contains($"cp {ours} {installed}", Slash(ours).NextStep, StringComparison.Ordinal);
        home.Write(installed, "new");
        Assert.Equal(Check.Good("t", $"/switch-model ({installed}), as it came with this version"), Slash(ours));
        home.Write(installed, "mine");
        var changed = Slash(ours);
        Assert.Equal(Verdict.Note, changed.Verdict);
        Assert.Contains("changed by you or of another version", changed.Finding, StringComparison.Ordinal);
        File.Delete(ours);
        Assert.Equal(Verdict.Good, Slash(ours).Verdict);
    }

    [Fact]
    public void A_slash_command_of_the_project_counts_there()
    {
        home.InProject(".claude/commands/switch-model.md", "x");
        Assert.Contains("in this project only", Slash("/nowhere").Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://api.example.com/hunter2")]
    public void Claude_Code_that_is_not_sent_to_this_machine_needs_nothing(string url) => Assert.Equal(Verdict.Good, Model((Address, url)).Verdict);

    [Fact]
    public void On_a_local_model_what_breaks_the_prefix_cache_is_a_note_with_both_settings()
    {
        var check = Model((Address, "http://user:hunter2@localhost:11434/hunter2"));
        Assert.Equal(Verdict.Note, check.Verdict);
        Assert.Contains($"\"{Header}\": \"0\" and \"{Reminder}\": \"off\"", check.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", check.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_one_of_them_set_only_the_other_is_named()
    {
        var check = Model((Address, "http://127.0.0.1:8080"), (Header, "0"));
        Assert.Equal(Verdict.Note, check.Verdict);
        Assert.DoesNotContain(Header, check.ToString(), StringComparison.Ordinal);
        Assert.Equal(Verdict.Good, Model((Address, "http://127.0.0.1:8080"), (Header, "0"), (Reminder, "off")).Verdict);
    }

    [Fact]
    public void The_settings_of_Claude_Code_count_and_win_over_the_environment()
    {
        home.Write(home.Below(".claude", "settings.json"), $$"""{ "env": { "{{Address}}": "http://[::1]:8080", "{{Header}}": "0", "{{Reminder}}": "off" } }""");
        Assert.Contains("is sent to a server of this machine, and leaves out", Model((Header, "1")).Finding, StringComparison.Ordinal);
        home.InProject(".claude/settings.local.json", $$"""{ "env": { "{{Header}}": "1" } }""");
        Assert.Equal(Verdict.Note, Model().Verdict);
    }

    public void Dispose() => home.Dispose();

    private Check ProjectFile(DoctorHome? changed = null) => new ProjectFileCheck((changed ?? home).Claude(), home.Program).Look("t");

    private Check Slash(string ours) => new SlashCommandCheck(home.Claude(), ours).Look("t");

    private Check Model(params (string Name, string Value)[] variables) => new LocalClaudeCheck(home.Claude(variables)).Look("t");
}
