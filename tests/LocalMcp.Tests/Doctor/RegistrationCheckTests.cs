using LocalMcp.Doctor;

namespace LocalMcp.Tests.Doctor;

public sealed class RegistrationCheckTests : IDisposable
{
    private const string Ours = """{ "type": "stdio", "command": "PROGRAM", "args": ["serve"], "env": { "SECRET": "hunter2" } }""";

    private readonly DoctorHome home = new();

    [Fact]
    public void Registered_for_the_user_with_this_program_is_good()
    {
        home.WithClaude($$"""{ "oauthAccount": { "token": "hunter2" }, "mcpServers": { "local": {{Ours}} } }""");
        Assert.Equal(Check.Good("t", $"local for all your projects (user scope): {home.Installed}, this program"), Look());
    }

    [Fact]
    public void A_name_on_PATH_is_as_good_as_a_path()
    {
        home.WithClaude("""{ "mcpServers": { "local": { "command": "local-mcp", "args": ["serve"] } } }""");
        Assert.Equal(Verdict.Good, Look().Verdict);
    }

    [Fact]
    public void Without_Claude_Code_it_is_a_note_with_the_command_for_later()
    {
        var check = Look();
        Assert.Equal(Verdict.Note, check.Verdict);
        Assert.Contains($"claude mcp add --scope user local -- {home.Installed} serve", check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void With_Claude_Code_and_no_registration_it_is_bad_with_the_command_to_run()
    {
        var check = home.HasClaude().LookWith();
        Assert.Equal((Verdict.Bad, $"Run `claude mcp add --scope user local -- {home.Installed} serve`, then start a new session."), (check.Verdict, check.NextStep));
        home.WithClaude("""{ "mcpServers": { "other": { "command": "npx", "args": ["--key", "hunter2"] } } }""");
        Assert.Equal(Verdict.Bad, Look().Verdict);
    }

    [Fact]
    public void CLAUDE_CONFIG_DIR_moves_the_file()
    {
        home.WithClaude($$"""{ "mcpServers": { "local": {{Ours}} } }""");
        home.Write(home.Below("moved", ".claude.json"), "{}");
        Assert.Equal(Verdict.Bad, Look(("CLAUDE_CONFIG_DIR", home.Below("moved"))).Verdict);
    }

    [Fact]
    public void A_command_that_is_not_there_is_bad()
    {
        home.WithClaude("""{ "mcpServers": { "local": { "command": "/gone/local-mcp", "args": ["serve"] } } }""");
        var check = Look();
        Assert.Equal(Verdict.Bad, check.Verdict);
        Assert.Contains("/gone/local-mcp is not there", check.Finding, StringComparison.Ordinal);
        Assert.StartsWith("Run `claude mcp remove --scope user local && claude mcp add --scope user local -- ", check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registration_that_does_not_serve_is_bad()
    {
        home.WithClaude("""{ "mcpServers": { "local": { "command": "PROGRAM" } } }""");
        Assert.Contains("without `serve`", Look(Verdict.Bad).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_copy_is_a_note()
    {
        home.Write(home.Below("old", "local-mcp"), "").WithClaude($$"""{ "mcpServers": { "local": { "command": "{{home.Below("old", "local-mcp")}}", "args": ["serve"] } } }""");
        Assert.Contains("another copy than this one", Look(Verdict.Note).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_built_at_every_start_is_a_note()
    {
        home.WithClaude("""{ "mcpServers": { "local": { "command": "dotnet", "args": ["run", "--project", "PROJECT/src/LocalMcp", "--", "serve"] } } }""");
        Directory.CreateDirectory(Path.Combine(home.Project, "src", "LocalMcp"));
        Assert.Contains("started through dotnet", Look(Verdict.Note).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Registered_for_the_user_and_in_the_project_is_a_note_that_says_which_one_is_used()
    {
        home.WithClaude($$"""{ "mcpServers": { "local": {{Ours}} }, "projects": { "PROJECT": { "mcpServers": { "local": {{Ours}} } } } }""");
        var check = Look(Verdict.Note);
        Assert.StartsWith("local for you in this project (local scope): ", check.Finding, StringComparison.Ordinal);
        Assert.Contains("claude mcp remove --scope local local", check.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_file_counts_once_it_is_approved()
    {
        home.HasClaude().InProject(".mcp.json", $$"""{ "mcpServers": { "local": {{Ours}} } }""");
        Assert.Equal(Verdict.Bad, Look().Verdict);
        home.WithClaude("""{ "projects": { "PROJECT": { "enabledMcpjsonServers": ["local"] } } }""");
        Assert.Equal($"local for this project (.mcp.json, approved): {home.Installed}, this program", Look(Verdict.Good).Finding);
    }

    [Fact]
    public void A_folder_above_counts_as_the_project_only_where_it_is_the_root_of_the_repository()
    {
        home.WithClaude($$"""{ "projects": { "{{home.Below("work")}}": { "mcpServers": { "local": {{Ours}} } } } }""");
        Assert.Equal("registered for 1 other project, not here", Look(Verdict.Note).Finding);
        Directory.CreateDirectory(home.Below("work", ".git"));
        Assert.StartsWith("local for you in this project (local scope): ", Look(Verdict.Good).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Registered_for_other_projects_only_is_a_note()
    {
        home.WithClaude($$"""{ "projects": { "/elsewhere": { "mcpServers": { "local": {{Ours}} } } } }""");
        Assert.Equal("registered for 1 other project, not here", Look(Verdict.Note).Finding);
    }

    [Fact]
    public void Turned_off_in_this_project_is_a_note()
    {
        home.WithClaude($$"""{ "mcpServers": { "local": {{Ours}} }, "projects": { "PROJECT": { "disabledMcpServers": ["local"] } } }""");
        Assert.Contains("local is turned off in this project", Look(Verdict.Note).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_another_server_has_is_bad_and_its_arguments_stay_unsaid()
    {
        home.WithClaude("""{ "mcpServers": { "local": { "command": "/opt/other", "args": ["--key", "hunter2"] } } }""");
        Assert.Contains("the name local stands for another server (other)", Look(Verdict.Bad).Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"oauthAccount\": hunter2 }")]
    [InlineData("{\n\"key\": \"hunter2\",\n\"mcpServers\": { ")]
    public async Task A_file_that_is_no_JSON_is_bad_with_the_line_and_nothing_of_its_text(string text)
    {
        home.WithClaude(text);
        var check = Assert.Single(await new CheckUp([Examination.Of("t", () => Look())], TimeSpan.FromMinutes(1), TimeProvider.System).RunAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Verdict.Bad, check.Verdict);
        Assert.Matches("is not valid JSON, at line [13]$", check.Finding);
        Assert.DoesNotContain("hunter2", check.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{ \"mcpServers\": [], \"projects\": 4 }")]
    [InlineData("{ \"mcpServers\": { \"a\": null, \"b\": { \"command\": 4, \"args\": \"x\" }, \"c\": { \"type\": \"http\", \"url\": \"http://x\" } }, \"projects\": { \"/\": [] } }")]
    [InlineData("{ \"mcpServers\": {}, // a remark\n }")]
    public void A_file_of_another_shape_is_read_as_far_as_it_goes(string text)
    {
        home.WithClaude(text);
        Assert.Contains("not registered", Look(Verdict.Bad).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_end_is_not_read()
    {
        using (var file = File.Create(home.Below(".claude.json")))
            file.SetLength((64L * 1024 * 1024) + 1);
        Assert.Contains("more than 64 MiB", Assert.Throws<LocalMcpException>(() => Look()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_changed_by_looking()
    {
        home.WithClaude($$"""{ "mcpServers": { "local": {{Ours}} } }""");
        var before = (File.ReadAllText(home.Below(".claude.json")), File.GetLastWriteTimeUtc(home.Below(".claude.json")));
        Look();
        Assert.Equal(before, (File.ReadAllText(home.Below(".claude.json")), File.GetLastWriteTimeUtc(home.Below(".claude.json"))));
        Assert.False(Directory.Exists(home.Below(".claude")));
    }

    public void Dispose() => home.Dispose();

    private Check Look(Verdict expected)
    {
        var check = Look();
        Assert.Equal(expected, check.Verdict);
        Assert.Equal(expected == Verdict.Good, check.NextStep is null);
        return check;
    }

    private Check Look(params (string Name, string Value)[] variables) => home.LookWith(variables);
}

file static class Looking
{
    // Whatever the verdict, no secret may be in it.
    public static Check LookWith(this DoctorHome home, params (string Name, string Value)[] variables)
    {
        var check = new RegistrationCheck(home.Claude(variables), home.Program).Look("t");
        Assert.DoesNotContain("hunter2", check.ToString(), StringComparison.Ordinal);
        return check;
    }
}
