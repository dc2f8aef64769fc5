using System.Diagnostics;
using System.Text.Json.Nodes;
using LocalMcp.FakeServer;
using LocalMcp.Tests.Support;

namespace LocalMcp.Tests.Doctor;

/// <summary>The verb of the built program.</summary>
public sealed class DoctorVerbTests : IDisposable
{
    private readonly DoctorHome home = new();

    [Fact]
    public async Task Doctor_finds_what_is_wrong_and_goes_on()
    {
        await using var server = await FakeModelServer.StartAsync();
        Assert.Equal(0, (await RunAsync(server.BaseUrl)).ExitCode);
        home.Home.WithSettings("{");
        var run = await RunAsync(server.BaseUrl);
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        Assert.Contains("✗ settings: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  Mend it, or remove the file", run.Output, StringComparison.Ordinal);
        Assert.Contains("✓ config folder: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("– active model: not checked, because the settings are not valid", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_is_a_verdict_or_the_next_step_of_the_line_above()
    {
        await using var server = await FakeModelServer.StartAsync();
        var lines = (await RunAsync(server.BaseUrl)).Output.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches("^([✓–✗] [^:]+: .|  [^ ])", line));
        Assert.Equal(
            ["version", "config folder", "settings", "machine", "memory pressure", "engine program", "resident models", "model folders", "openai", "active model", "Claude Code", "slash command", "project file", "Claude Code's own model"],
            lines.Where(line => line[0] != ' ').Select(line => line[2..line.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task With_json_it_prints_one_object_and_nothing_else()
    {
        await using var server = await FakeModelServer.StartAsync();
        var good = await RunAsync(server.BaseUrl, "--json");
        Assert.Equal((0, ""), (good.ExitCode, good.Errors));
        var report = JsonNode.Parse(good.Output)!.AsObject();
        Assert.Equal(["version", "checks", "verdict"], report.Select(member => member.Key));
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string)report["version"]!);
        Assert.Equal("note", (string)report["verdict"]!);
        Assert.All(report["checks"]!.AsArray(), check => Assert.Equal(["title", "verdict", "finding", "next_step"], check!.AsObject().Select(member => member.Key)));
        Assert.Equal(["good", "note"], report["checks"]!.AsArray().Select(check => (string)check!["verdict"]!).Distinct().Order());
    }

    [Fact]
    public async Task With_json_too_a_bad_check_is_exit_code_1()
    {
        var bad = await RunAsync(ClosedPort.Url(), "--json");
        Assert.Equal(1, bad.ExitCode);
        Assert.Equal("bad", (string)JsonNode.Parse(bad.Output)!["verdict"]!);
    }

    [Fact]
    public async Task It_leaves_Claude_Codes_files_and_the_project_as_they_are()
    {
        home.WithClaude("""{ "mcpServers": { "local": { "command": "PROGRAM", "args": ["serve"] } } }""").Write(home.Below(".claude", "settings.json"), "{}");
        string[] folders = [home.Project, home.Below(".claude"), home.Home.ConfigFolder];
        Directory.CreateDirectory(home.Home.ConfigFolder);
        var before = Seen();
        await RunAsync(ClosedPort.Url());
        Assert.Equal(before, Seen());

        List<(string, DateTime)> Seen() => [.. folders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)).Append(home.Below(".claude.json")).Select(file => (file, File.GetLastWriteTimeUtc(file)))];
    }

    [Fact]
    public async Task A_current_folder_that_is_gone_stops_no_check()
    {
        await using var server = await FakeModelServer.StartAsync();
        var start = new ProcessStartInfo("/bin/sh", ["-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" doctor", Repository.Program]) { RedirectStandardOutput = true, WorkingDirectory = home.Home.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in home.Home.Variables(("DOTNET_ROOT", Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet"), ("LOCAL_MCP_URL", server.BaseUrl)))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("✓ project file: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_not_told()
    {
        home.HasClaude();
        var run = await Verb.RunAsync(home.Home, [("PATH", home.Bin), ("LOCAL_MCP_URL", ClosedPort.Url()), ("LOCAL_MCP_API_KEY", "hunter2"), ("ANTHROPIC_BASE_URL", "http://hunter2@127.0.0.1:1"), ("ANTHROPIC_API_KEY", "hunter2")], "doctor");
        Assert.Contains("CLAUDE_CODE_ATTRIBUTION_HEADER", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Output + run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => home.Dispose();

    private Task<Verb> RunAsync(string url, params string[] more) => Verb.RunAsync(home.Home, [("PATH", home.Bin), ("LOCAL_MCP_URL", url), ("CLAUDE_PROJECT_DIR", home.Project)], ["doctor", .. more]);
}
